"""W3C trace contexts: which one a run belongs to."""

import re

from local.host import identifiers

TRACEPARENT = re.compile(r"[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def trace_parent(given: str) -> str:
    """`given` where it is a traceparent; otherwise the beginning of a new trace."""
    return given if given and TRACEPARENT.fullmatch(given) else identifiers.trace_parent()


def trace_id(parent: str) -> str:
    """The part that all spans of one trace share."""
    return parent[3:35]
