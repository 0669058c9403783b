"""Geofencing: places on the map, where the drivers are, and when they come and go."""
