"""What the Cosmos DB endpoint promises, asked through Microsoft's own SDK."""
