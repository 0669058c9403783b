"""The use cases of trips: fetch, decide, save."""
