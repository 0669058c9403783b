"""Documents in Cosmos DB, and what is saved beside them in the same batch: outbox, inbox, audit."""
