"""What an envelope is and may become. Pure: no clock, no I/O, no randomness of its own."""
