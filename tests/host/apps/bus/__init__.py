"""Service Bus functions."""
