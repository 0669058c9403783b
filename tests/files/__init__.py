"""Tests of blobs: bytes in and out, and links without a login, over Azurite."""
