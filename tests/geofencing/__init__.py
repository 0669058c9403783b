"""Geofencing from outside in, and its engine by properties."""
