"""Faults on demand: one seeded plan for every part of the local Azure."""
