"""What callers send and see of e-signature."""
