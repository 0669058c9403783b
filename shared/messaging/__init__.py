"""Service Bus at both ends: from the outbox to topics and queues, and from there to a handler."""
