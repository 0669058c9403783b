"""Questions about strings: begins, ends, contains, equals, and the pattern language of LIKE."""

import re
from collections.abc import Callable
from functools import lru_cache

from local.cosmos.query.functions.registry import function, variadic
from local.cosmos.query.values import UNDEFINED, conjunction, disjunction
from local.cosmos.wire import Value


def _asks(name: str, test: Callable[[str, str], bool]) -> None:
    """`NAME(value, part[, ignore_case])`."""

    def ask(value: Value, part: Value, ignore_case: Value = False) -> Value:
        if not (isinstance(value, str) and isinstance(part, str)):
            return UNDEFINED
        if not isinstance(ignore_case, bool):
            return UNDEFINED
        return test(value.lower(), part.lower()) if ignore_case else test(value, part)

    function(name, 2, 3)(ask)


_asks("STARTSWITH", str.startswith)
_asks("ENDSWITH", str.endswith)
_asks("CONTAINS", lambda value, part: part in value)
_asks("STRINGEQUALS", lambda value, part: value == part)


def _asks_many(name: str, combine: Callable[[list[Value]], Value], *, ignore_case: bool) -> None:
    """`NAME(value, part, ...)`, with the parts joined by AND or by OR in their three values."""

    def ask(value: Value, *parts: Value) -> Value:
        return combine([_contains(value, part, ignore_case=ignore_case) for part in parts])

    variadic(name, 2, sees_undefined=True)(ask)


def _contains(value: Value, part: Value, *, ignore_case: bool) -> Value:
    if not (isinstance(value, str) and isinstance(part, str)):
        return UNDEFINED
    return part.lower() in value.lower() if ignore_case else part in value


_asks_many("CONTAINS_ALL_CI", conjunction, ignore_case=True)
_asks_many("CONTAINS_ALL_CS", conjunction, ignore_case=False)
_asks_many("CONTAINS_ANY_CI", disjunction, ignore_case=True)
_asks_many("CONTAINS_ANY_CS", disjunction, ignore_case=False)


def like(value: Value, pattern: Value, escape: str | None) -> Value:
    if not (isinstance(value, str) and isinstance(pattern, str)):
        return UNDEFINED
    return _like_pattern(pattern, escape).fullmatch(value) is not None


@lru_cache(maxsize=500)
def _like_pattern(pattern: str, escape: str | None) -> re.Pattern[str]:
    """`%` any text, `_` one character, `[a-f]` one of a set, `[^...]` none of it.

    What follows a `%` is taken at its first place for good, but for the last, which must be at the
    end: no other choice finds more, and so matching never goes back.
    """
    stretches: list[list[str]] = [[]]
    position = 0
    while position < len(pattern):
        part, position = _like_part(pattern, position, escape)
        if part is None:
            stretches.append([])
        else:
            stretches[-1].append(part)
    first, *more = ["".join(stretch) for stretch in stretches]
    middle = "".join(f"(?>.*?{stretch})" for stretch in more[:-1] if stretch)
    last = ".*" * bool(more)
    if more and more[-1]:
        last = f"(?=.{{{len(stretches[-1])}}})(?>.*)(?<={more[-1]})"
    return re.compile(f"{first}{middle}{last}", re.DOTALL)


def _like_part(pattern: str, position: int, escape: str | None) -> tuple[str | None, int]:
    """One piece as a regular expression of one character; None for a `%`."""
    character = pattern[position]
    if character == escape and position + 1 < len(pattern):
        return re.escape(pattern[position + 1]), position + 2
    if character == "%":
        return None, position + 1
    if character == "_":
        return ".", position + 1
    closing = pattern.find("]", position + 2) if character == "[" else -1
    if closing > 0:
        return _like_set(pattern[position + 1 : closing]), closing + 1
    return re.escape(character), position + 1


def _like_set(content: str) -> str:
    negated, listed = content.startswith("^"), content.removeprefix("^")
    written = f"[{'^' if negated else ''}{re.escape(listed).replace(chr(92) + '-', '-')}]"
    try:
        re.compile(written)
    except re.error:  # an empty set or a range from high to low matches as it is written
        return re.escape(f"[{content}]")
    return written
