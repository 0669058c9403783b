"""The use cases of notifications: fetch, decide, save."""
