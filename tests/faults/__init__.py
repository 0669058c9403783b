"""The plan of faults, and each part of the local Azure that follows one."""
