"""The board's page: what browsers load once. It knows nothing of what the board's answers hold."""
