"""The board in a real browser, over a local Azure in which something has happened."""
