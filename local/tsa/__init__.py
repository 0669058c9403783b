"""A timestamp authority (RFC 3161) of the local Azure: real tokens under a test root."""
