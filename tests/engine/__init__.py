"""Every function of the real app, indexed and run by Microsoft's own engine."""
