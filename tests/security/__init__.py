"""Attacks on the app as a whole: every route, none forgotten."""
