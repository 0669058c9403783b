"""Timer triggers: schedules in NCRONTAB, and a record of what has run that outlives the host."""
