"""Tests of notifications, from the outside in."""
