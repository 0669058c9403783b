"""E-signature: documents sent to people who sign them, sealed so that anybody can verify it."""
