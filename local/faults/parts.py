"""What each part of the local Azure can do wrong, and where it can be killed; a list, no logic."""

FAULTS: dict[str, tuple[str, ...]] = {
    "cosmos": ("throttled", "retry-with", "unavailable", "timeout", "reply-lost"),
    "servicebus": ("disconnect", "lock-lost", "duplicate", "reordered", "late"),
    "blob": ("unavailable", "truncated", "slow", "reply-lost"),
    "tsa": ("unavailable", "slow", "wrong"),
    "livekit": ("unavailable", "slow", "wrong", "reply-lost"),
    "communication": ("unavailable", "slow", "wrong", "reply-lost"),
    "host": (),
}

POINTS: dict[str, tuple[str, ...]] = {
    "cosmos": ("before-commit", "after-commit"),
    "servicebus": ("before-commit", "after-commit"),
    "host": ("before-function", "after-function", "before-settle", "after-settle"),
}

KILLED = "killed"

# How long a fault lasts that is nothing without a duration, unless the plan says otherwise.
DELAYS_S = {"slow": 0.2, "late": 0.3}
