"""W3C trace contexts: which one a run belongs to."""

import re
import secrets

TRACEPARENT = re.compile(r"[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def trace_parent(given: str) -> str:
    """`given` where it is a traceparent; otherwise the beginning of a new trace."""
    if TRACEPARENT.fullmatch(given):
        return given
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"


def trace_id(parent: str) -> str:
    """The part that all spans of one trace share."""
    return parent.split("-")[1]
