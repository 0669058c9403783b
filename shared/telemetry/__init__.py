"""What operators see of a request or message: structured logs, correlation, traces."""
