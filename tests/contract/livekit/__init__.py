"""LiveKit's contract: one suite for our stand-in and, given its binary, the real server."""
