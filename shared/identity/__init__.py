"""Who is asking and what they may do: callers, permissions, tokens and their one verifier."""
