"""The local Azure: everything the app needs from the cloud, on this machine. Never deployed."""
