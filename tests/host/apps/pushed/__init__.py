"""One function of every kind, pushed by hand."""
