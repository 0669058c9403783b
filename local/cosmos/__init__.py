"""The local Cosmos DB (NoSQL API): the wire protocol of the real gateway over one SQLite file."""
