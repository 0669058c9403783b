"""Envelopes in Cosmos DB, and their PDFs in Blob Storage. Decides nothing."""
