"""What a document is and may become, and what its bytes are. Pure: no clock, no network."""
