"""What a trip is and what may become of it; pure."""
