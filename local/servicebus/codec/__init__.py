"""AMQP 1.0 values as bytes and back (OASIS core types). Knows nothing of frames or messages."""
