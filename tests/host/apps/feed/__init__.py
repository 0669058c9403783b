"""Cosmos DB functions."""
