"""The use cases of auth: fetch, decide, save."""
