"""The local Service Bus: through the real SDK, with a moved clock, and byte by byte."""
