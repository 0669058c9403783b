"""Azure Service Bus on this machine: an AMQP 1.0 broker for the unchanged SDK."""
