"""Functions that take longer than they may."""
