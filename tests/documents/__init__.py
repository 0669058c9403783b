"""Tests of documents, from the outside in."""
