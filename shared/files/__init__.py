"""Blobs: content that is too large for a document, read and written as streams."""
