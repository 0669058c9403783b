"""One suite for every implementation of a service: emulators here, Azure given an endpoint."""
