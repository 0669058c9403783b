"""Functions that count their messages in a file, which outlives the host."""
