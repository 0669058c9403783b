"""REGEXMATCH, with a limit of time: a pattern can be made that a matcher never finishes."""

from functools import lru_cache

import regex

from local.cosmos.query.budget import too_much
from local.cosmos.query.functions.registry import function
from local.cosmos.query.values import UNDEFINED
from local.cosmos.wire import Value

_LONGEST_S = 1.0
_LONGEST_PATTERN = 4096
_MODIFIERS = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL, "x": regex.VERBOSE}


@function("REGEXMATCH", 2, 3)
def regex_match(value: Value, pattern: Value, modifiers: Value = "") -> Value:
    """Raises QueryRefused for a pattern that takes too long."""
    if not all(isinstance(part, str) for part in (value, pattern, modifiers)):
        return UNDEFINED
    if not set(modifiers) <= _MODIFIERS.keys() or len(pattern) > _LONGEST_PATTERN:
        return UNDEFINED
    compiled = _compiled(pattern, "".join(sorted(set(modifiers))))
    if compiled is None:
        return UNDEFINED
    try:
        return compiled.search(value, timeout=_LONGEST_S) is not None
    except TimeoutError:
        raise too_much() from None


@lru_cache(maxsize=200)
def _compiled(pattern: str, modifiers: str) -> "regex.Pattern[str] | None":
    flags = regex.V0
    for letter in modifiers:
        flags |= _MODIFIERS[letter]
    try:
        return regex.compile(pattern, flags)
    except (regex.error, RecursionError, OverflowError, MemoryError):
        return None
