"""Calls: rooms on LiveKit, who may join them, and who talked to whom for how long."""
