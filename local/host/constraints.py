"""The inline constraints of route templates, such as `{id:int}`: does a value satisfy one?

Names and meaning are ASP.NET Core's (`Microsoft.AspNetCore.Routing.Constraints`), texts are read as
.NET's invariant culture reads them. Two differ: `datetime` reads ISO 8601 alone, and
`regex` is Python's.
"""

import re
from collections.abc import Callable
from datetime import datetime

Constraint = Callable[[str], bool]

GROUPED = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
GUID = re.compile(rf"[0-9a-f]{{32}}|{GROUPED}|\{{{GROUPED}\}}|\({GROUPED}\)", re.IGNORECASE)
INTEGER = re.compile(r"[ \t]*[+-]?[0-9]{1,100}[ \t]*")
NUMBER = re.compile(r"[ \t]*[+-]?(?:[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)[+-]?[ \t]*")
REAL = re.compile(
    r"[ \t]*[+-]?(?:[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?[ \t]*", re.IGNORECASE
)
NOT_A_NUMBER = frozenset({"nan", "infinity", "-infinity", "+infinity", "∞", "-∞"})
ALPHA = re.compile(r"[a-z]*", re.IGNORECASE | re.ASCII)
FILE = re.compile(r"(?:.*/)?[^/]*\.[^/.]+", re.DOTALL)
LONG = 64


def _whole(text: str) -> int | None:
    return int(text) if INTEGER.fullmatch(text) else None


def _within(low: int, high: int) -> Constraint:
    def holds(text: str) -> bool:
        value = _whole(text)
        return value is not None and low <= value <= high

    return holds


def _signed(bits: int) -> Constraint:
    return _within(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _is_real(text: str) -> bool:
    return REAL.fullmatch(text) is not None or text.strip().lower() in NOT_A_NUMBER


def _is_datetime(text: str) -> bool:
    try:
        datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def _matches(pattern: re.Pattern[str]) -> Constraint:
    return lambda text: pattern.fullmatch(text) is not None


PLAIN: dict[str, Constraint] = {
    "int": _signed(32),
    "long": _signed(LONG),
    "guid": _matches(GUID),
    "bool": lambda text: text.strip().lower() in {"true", "false"},
    "alpha": _matches(ALPHA),
    "decimal": _matches(NUMBER),
    "double": _is_real,
    "float": _is_real,
    "datetime": _is_datetime,
    "required": lambda text: text != "",
    "file": _matches(FILE),
    "nonfile": lambda text: FILE.fullmatch(text) is None,
}


def _length(text: str) -> int:
    """As .NET counts: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _lengths(low: int, high: int) -> Constraint:
    return lambda text: low <= _length(text) <= high


def constraint(name: str, argument: str | None) -> Constraint:
    """The constraint called `name`. Raises ValueError when there is none, or not with that."""
    key = name.lower()
    if argument is None:
        if key not in PLAIN:
            raise ValueError(f"the constraint {name!r} is not served")
        return PLAIN[key]
    if key == "regex":
        return _regex(argument)
    return _counted(key, [_bound(name, each) for each in argument.split(",")])


def _counted(name: str, bounds: list[int]) -> Constraint:
    endless = 2 ** (LONG - 1) - 1
    made: dict[tuple[str, int], Callable[[], Constraint]] = {
        ("min", 1): lambda: _within(bounds[0], endless),
        ("max", 1): lambda: _within(-endless - 1, bounds[0]),
        ("range", 2): lambda: _within(bounds[0], bounds[1]),
        ("minlength", 1): lambda: _lengths(bounds[0], endless),
        ("maxlength", 1): lambda: _lengths(0, bounds[0]),
        ("length", 1): lambda: _lengths(bounds[0], bounds[0]),
        ("length", 2): lambda: _lengths(bounds[0], bounds[1]),
    }
    found = made.get((name, len(bounds)))
    if found is None:
        raise ValueError(f"the constraint '{name}' with {len(bounds)} values is not served")
    return found()


def _bound(name: str, text: str) -> int:
    value = _whole(text.strip())
    if value is None:
        raise ValueError(f"the constraint {name!r} needs whole numbers, not {text!r}")
    return value


def _regex(expression: str) -> Constraint:
    try:
        pattern = re.compile(expression, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"the expression {expression!r} is wrong: {error}") from error
    return lambda text: pattern.search(text) is not None
