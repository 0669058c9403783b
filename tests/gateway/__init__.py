"""The local gateway from outside: real sockets, the app's own policies, an app behind it."""
