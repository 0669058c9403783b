"""Query text to tokens. Knows no grammar."""

import math
import re
from dataclasses import dataclass
from enum import Enum, auto

from local.cosmos.query.errors import QueryRefused, syntax_error
from local.cosmos.wire import Value


class Kind(Enum):
    """What a token is; NAME includes the keywords."""

    NUMBER = auto()
    STRING = auto()
    PARAMETER = auto()
    NAME = auto()
    SYMBOL = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`value` is the number or the string's content, otherwise the text itself."""

    kind: Kind
    text: str
    value: Value


END = Token(Kind.END, "", "")
_LONGEST_QUERY = 512 * 1024

_TOKEN = re.compile(
    r"""
    (?P<blank>\s+|--[^\n]*|/\*.*?\*/)
  | (?P<unclosed>/\*)
  | (?P<number>0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<string>'(?:\\.|''|[^'\\])*'|"(?:\\.|""|[^"\\])*")
  | (?P<parameter>@[A-Za-z_][A-Za-z0-9_]*)
  | (?P<name>[^\W\d]\w*)
  | (?P<symbol><=|>=|!=|<>|\?\?|\|\||[-+*/%=<>(){}\[\],.:?&|^~])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_ESCAPABLE = frozenset("\\/'\"ntrbf")


def tokens(query: str) -> list[Token]:
    """All tokens, END last. Raises QueryRefused."""
    if len(query) > _LONGEST_QUERY:
        raise QueryRefused("The SQL query text exceeded the maximum limit of 524288 characters.")
    found, position = [], 0
    while position < len(query):
        match = _TOKEN.match(query, position)
        if match is None or match.lastgroup == "unclosed":
            raise syntax_error(query[position : position + 10])
        position = match.end()
        if match.lastgroup != "blank":
            found.append(_token(str(match.lastgroup), match.group()))
    return [*found, END]


def _token(group: str, text: str) -> Token:
    match group:
        case "number":
            return Token(Kind.NUMBER, text, _number(text))
        case "string":
            return Token(Kind.STRING, text, _string(text))
        case "parameter":
            return Token(Kind.PARAMETER, text, text)
        case "name":
            return Token(Kind.NAME, text, text)
        case _:
            return Token(Kind.SYMBOL, text, text)


def _number(text: str) -> int | float:
    try:
        value = float(int(text, 16)) if text[:2].lower() == "0x" else float(text)
    except OverflowError:
        raise syntax_error(text) from None
    if not math.isfinite(value):
        raise syntax_error(text)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _string(text: str) -> str:
    quote, content = text[0], text[1:-1]
    if "\\" not in content:
        content = content.replace(quote * 2, quote)
    else:
        content = _ESCAPE.sub(_unescape, content)
    try:
        # Two \u escapes may form one character; half of one is no text at all.
        return content.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise syntax_error(text) from None


def _unescape(match: re.Match[str]) -> str:
    escaped = match.group(1)
    if len(escaped) == 5:
        return chr(int(escaped[1:], 16))
    if escaped not in _ESCAPABLE:
        raise syntax_error(match.group())
    return _ESCAPED.get(escaped, escaped)
