"""The text of a SQL filter as tokens. Knows no grammar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

LONGEST = 1024  # characters: the service's own limit for an expression


class SqlError(ValueError):
    """The expression is not one that is understood. Says where and why."""


class Kind(Enum):
    NUMBER = auto()
    STRING = auto()
    NAME = auto()
    WORD = auto()  # a keyword, in capitals
    SYMBOL = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`text` of a string or a delimited name is without its quotes."""

    kind: Kind
    text: str
    position: int


KEYWORDS = frozenset(
    ("AND", "OR", "NOT", "LIKE", "ESCAPE", "IN", "IS", "NULL", "EXISTS", "TRUE", "FALSE")
)
_TOKEN = re.compile(
    r"""(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
      | '(?P<string>(?:[^']|'')*)'
      | \[(?P<bracketed>(?:[^\]]|\]\])+)\]
      | "(?P<quoted>(?:[^"]|"")+)"
      | (?P<name>[^\W\d]\w*)
      | (?P<symbol><>|!=|<=|>=|[=<>+\-*/%().,])""",
    re.VERBOSE | re.ASCII,
)
_ESCAPED = {"string": "'", "bracketed": "]", "quoted": '"'}


def tokens(text: str) -> Iterator[Token]:
    """Raises SqlError."""
    if len(text) > LONGEST:
        raise SqlError(f"the expression is longer than {LONGEST} characters")
    position = 0
    while True:
        while position < len(text) and text[position].isspace():
            position += 1
        if position == len(text):
            yield Token(Kind.END, "", position)
            return
        found = _TOKEN.match(text, position)
        if found is None or found.lastgroup is None:
            raise SqlError(f"{text[position]!r} at {position} does not belong in a filter")
        yield _token(found.lastgroup, found[found.lastgroup], position)
        position = found.end()


def _token(group: str, text: str, position: int) -> Token:
    if group == "number":
        return Token(Kind.NUMBER, text, position)
    if group == "symbol":
        return Token(Kind.SYMBOL, text, position)
    if group == "name":
        word = text.upper()
        if word in KEYWORDS:
            return Token(Kind.WORD, word, position)
        return Token(Kind.NAME, text, position)
    quote = _ESCAPED[group]
    kind = Kind.STRING if group == "string" else Kind.NAME
    return Token(kind, text.replace(quote * 2, quote), position)
