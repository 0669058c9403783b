"""Cuts an expression into numbers, texts, names and signs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from local.gateway.refusals import PolicyRefused

TOKEN = re.compile(
    r"""\s*(?:(?P<int>\d+)
    |"(?P<string>(?:[^"\\]|\\.)*)"
    |'(?P<char>[^'\\]|\\.)'
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>==|!=|>=|<=|&&|\|\||[!<>+.,()]))""",
    re.VERBOSE,
)
ESCAPE = re.compile(r"\\(.)")
MEANINGS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is int, string, char, name, sign or end."""

    kind: str
    text: str


def tokens(source: str) -> Iterator[Token]:
    """Raises PolicyRefused where no token begins."""
    at, end = 0, len(source.rstrip())
    while at < end:
        match = TOKEN.match(source, at)
        if match is None:
            raise PolicyRefused(f"unreadable from here on: {source[at : at + 30].strip()}")
        kind = str(match.lastgroup)
        text = match[kind]
        yield Token(kind, _unescaped(text) if kind in {"string", "char"} else text)
        at = match.end()
    yield Token("end", "")


def _unescaped(text: str) -> str:
    return ESCAPE.sub(lambda match: MEANINGS.get(match[1], match[1]), text)
