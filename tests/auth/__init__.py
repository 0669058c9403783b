"""Auth, from the outside in."""
