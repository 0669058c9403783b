"""A loopback HTTP page beside the broker: what its entities hold, and dead letters sent again."""
