"""Cosmos SQL: text to tokens to a syntax tree to closures over documents. Knows no storage."""
