"""Trips from outside in, and their states by properties."""
