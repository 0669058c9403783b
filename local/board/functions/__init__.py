"""The app's functions as the host tells of them, with what the log says of their runs."""
