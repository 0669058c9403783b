"""Small apps that the host serves in these tests; each is the root of its own imports."""
