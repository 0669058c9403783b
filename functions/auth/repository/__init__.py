"""Users, logins and what guards them in Cosmos DB, and passwords in slow hashes."""
