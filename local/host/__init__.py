"""The Functions host of the local Azure: serves one app through Microsoft's own Python engine."""
