"""Cosmos DB triggers: the SDK reads the change feed, the engine runs, a lease remembers."""
