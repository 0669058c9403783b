"""Functions that make strings of strings."""

from collections.abc import Callable, Sequence

from local.cosmos.query.functions.registry import function, variadic
from local.cosmos.query.values import UNDEFINED, is_number
from local.cosmos.wire import Value

_LONGEST = 2 * 1024 * 1024


def _of_one(name: str, compute: Callable[[str], Value]) -> None:
    function(name, 1)(lambda value: compute(value) if isinstance(value, str) else UNDEFINED)


_of_one("LOWER", str.lower)
_of_one("UPPER", str.upper)
_of_one("LENGTH", len)
_of_one("REVERSE", lambda value: value[::-1])


def _trims(name: str, strip: Callable[[str, str | None], str]) -> None:
    def trimmed(value: Value, characters: Value = None) -> Value:
        if not isinstance(value, str) or not isinstance(characters, str | None):
            return UNDEFINED
        return strip(value, characters)

    function(name, 1, 2)(trimmed)


_trims("TRIM", str.strip)
_trims("LTRIM", str.lstrip)
_trims("RTRIM", str.rstrip)


@variadic("CONCAT", 1)
def concat(*parts: Value) -> Value:
    return short("".join(parts)) if _all_text(parts) else UNDEFINED


def short(value: str) -> Value:
    """The text, or undefined where it is longer than any item can be."""
    return value if len(value) <= _LONGEST else UNDEFINED


@function("SUBSTRING", 3)
def substring(value: Value, start: Value, length: Value) -> Value:
    if not (isinstance(value, str) and is_number(start) and is_number(length)):
        return UNDEFINED
    first = max(int(start), 0)
    return value[first : first + max(int(length), 0)]


@function("LEFT", 2)
def left(value: Value, length: Value) -> Value:
    if not (isinstance(value, str) and is_number(length)):
        return UNDEFINED
    return value[: max(int(length), 0)]


@function("RIGHT", 2)
def right(value: Value, length: Value) -> Value:
    if not (isinstance(value, str) and is_number(length)):
        return UNDEFINED
    return value[-int(length) :] if length >= 1 else ""


@function("REPLACE", 3)
def replace(value: Value, old: Value, new: Value) -> Value:
    if not _all_text((value, old, new)):
        return UNDEFINED
    if not old or len(value) + value.count(old) * (len(new) - len(old)) > _LONGEST:
        return value if not old else UNDEFINED
    return value.replace(old, new)


@function("REPLICATE", 2)
def replicate(value: Value, times: Value) -> Value:
    if not (isinstance(value, str) and is_number(times)) or times < 0:
        return UNDEFINED
    return value * int(times) if len(value) * times <= _LONGEST else UNDEFINED


@function("STRINGJOIN", 2)
def string_join(parts: Value, separator: Value) -> Value:
    if not (isinstance(parts, list) and isinstance(separator, str)):
        return UNDEFINED
    if not _all_text(parts) or sum(map(len, parts)) + len(parts) * len(separator) > _LONGEST:
        return UNDEFINED
    return separator.join(parts)


@function("STRINGSPLIT", 2)
def string_split(value: Value, separator: Value) -> Value:
    if not (isinstance(value, str) and isinstance(separator, str)):
        return UNDEFINED
    return value.split(separator) if separator else [value]


@function("INDEX_OF", 2, 3)
def index_of(value: Value, part: Value, start: Value = 0) -> Value:
    if not (isinstance(value, str) and isinstance(part, str) and is_number(start)):
        return UNDEFINED
    return value.find(part, max(int(start), 0))


@function("LASTINDEXOF", 2)
def last_index_of(value: Value, part: Value) -> Value:
    return value.rfind(part) if _all_text((value, part)) else UNDEFINED


def _cuts(name: str, cut: Callable[[str, str], tuple[str, str, str]], side: int) -> None:
    """What stands before or after a delimiter; undefined where it does not occur."""

    def part_of(value: Value, delimiter: Value) -> Value:
        if not _all_text((value, delimiter)) or not delimiter or delimiter not in value:
            return UNDEFINED
        return cut(value, delimiter)[side]

    function(name, 2)(part_of)


_cuts("SUBSTRINGBEFORE", str.partition, 0)
_cuts("SUBSTRINGAFTER", str.partition, 2)
_cuts("LASTSUBSTRINGBEFORE", str.rpartition, 0)
_cuts("LASTSUBSTRINGAFTER", str.rpartition, 2)


def _all_text(parts: Sequence[Value]) -> bool:
    return all(isinstance(part, str) for part in parts)
