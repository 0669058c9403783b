"""E-signature, from the outside in."""
