"""Where notifications are kept, put into words, and handed to providers. Decides nothing."""
