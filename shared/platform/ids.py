"""Ids: UUIDv7 (RFC 9562, section 5.7), so that newer things sort after older ones."""

from collections.abc import Callable
from hashlib import sha256
from itertools import count
from uuid import UUID

from shared.telemetry import scope


def new_id() -> str:
    """A new id; on a repeated attempt of one request, the ids of its first attempt."""
    from uuid6 import uuid7  # looks itself up among the installed packages, which takes a while

    following = scope.current().next_id
    return following() if following else str(uuid7())


def ids_of_attempt(first: str) -> Callable[[], str]:
    """The ids that an attempt whose first id is `first` hands out, each time in the same order."""
    numbers = count()

    def following() -> str:
        number = next(numbers)
        return first if number == 0 else sibling(first, number)

    return following


def sibling(first: str, number: int) -> str:
    """As old as `first`, and otherwise its own; the same for the same number."""
    digest = sha256(f"{first}/{number}".encode()).digest()
    time = UUID(first).bytes[:6]
    own = bytearray(digest[:10])
    own[0] = own[0] & 0x0F | 0x70
    own[2] = own[2] & 0x3F | 0x80
    return str(UUID(bytes=time + bytes(own)))
