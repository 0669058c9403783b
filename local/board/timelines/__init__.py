"""What one cause led to: requests, events, jobs, changes and messages of one correlation id."""
