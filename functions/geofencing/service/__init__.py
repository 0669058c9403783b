"""The use cases of geofencing: fetch, decide, save."""
