"""The use cases of e-signature: fetch, decide, save; and the work on PDFs in between."""
