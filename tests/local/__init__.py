"""The command line, and the parts that start, find and end a local Azure."""
