"""`--reload`: a parent that watches, and a child that serves; the child is forked already warm."""
