"""Blobs, read through the unchanged SDK: listed, shown harmless, PDFs as pictures of pages."""
