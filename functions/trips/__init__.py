"""Trips: planned for a driver, started by the driver, ended by reaching the last stop."""
