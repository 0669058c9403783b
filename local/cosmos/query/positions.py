"""Where a row stands in its answer: pages end at positions, so rows added shift nothing."""

import base64
import binascii
from dataclasses import dataclass
from itertools import zip_longest

from local.cosmos.errors import Refusal
from local.cosmos.query.errors import QueryRefused
from local.cosmos.query.values import UNDEFINED, order_key
from local.cosmos.wire import Value, decode, encode

Tie = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """The values of ORDER BY, then what tells rows with the same values apart."""

    ordered: tuple[Value, ...]
    tie: Tie


@dataclass(frozen=True, slots=True)
class Continuation:
    """After which row to go on, and how many rows have been given so far."""

    last: Position
    given: int

    def token(self) -> str:
        content = {
            "o": [[] if value is UNDEFINED else [value] for value in self.last.ordered],
            "t": self.last.tie,
            "n": self.given,
        }
        return base64.b64encode(encode(content)).decode()


def read_token(token: str | None) -> Continuation | None:
    """Raises QueryRefused for what no answer of ours has carried."""
    if not token:
        return None
    try:
        content = decode(base64.b64decode(token, validate=True))
        ordered = tuple(value[0] if value else UNDEFINED for value in content["o"])
        return Continuation(Position(ordered, tuple(content["t"])), int(content["n"]))
    except (binascii.Error, Refusal, KeyError, TypeError, ValueError, IndexError):
        raise QueryRefused("Invalid continuation token.", "SC9001") from None


def is_after(position: Position, last: Position, descending: tuple[bool, ...]) -> bool:
    """True where `position` comes later than `last` in the order of the query."""
    for ours, theirs, down in zip_longest(
        position.ordered, last.ordered, descending, fillvalue=False
    ):
        one, other = order_key(ours), order_key(theirs)
        if one != other:
            return bool(one < other) if down else bool(one > other)
    return position.tie > last.tie
