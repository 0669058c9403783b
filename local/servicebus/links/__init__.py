"""The links of an AMQP session: what clients send through and receive from."""
