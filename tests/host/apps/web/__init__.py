"""HTTP functions of every shape."""
