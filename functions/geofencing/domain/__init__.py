"""What a geofence is and how positions become arrivals and departures; pure."""
