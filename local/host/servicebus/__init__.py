"""Service Bus triggers: the unchanged SDK receives, the engine runs, the outcome settles."""
