"""Containers and their documents, read through the unchanged SDK; nothing is ever written."""
