"""Queues, topics and subscriptions as Service Bus means them. Knows nothing of the network."""
