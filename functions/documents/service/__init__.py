"""The use cases of documents: fetch, decide, save."""
