"""Capabilities: each folder is one, with the same rooms, and none knows another."""
