"""The first delivery, played through the app's HTTP API alone, each step checked."""
