"""Calls, from the outside in."""
