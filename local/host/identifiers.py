"""Ids of runs and of traces, made from random bytes without a detour over objects."""

import os

VARIANTS = "89ab"


def invocation_id() -> str:
    """A UUID of version 4, as Azure numbers its invocations."""
    digits = os.urandom(16).hex()
    variant = VARIANTS[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def trace_parent() -> str:
    """The beginning of a new W3C trace that nobody samples."""
    digits = os.urandom(24).hex()
    return f"00-{digits[:32]}-{digits[32:]}-00"
