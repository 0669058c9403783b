"""Conditions of a query in SQLite's words, as filters that may let too much pass, never too little.

SQLite compares numbers less exactly than the query engine and ends strings at a NUL: bounds are
widened, and what it could not tell is left to the engine, which sees every document that passes.
"""

import re
from dataclasses import dataclass

from local.cosmos.query.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Holds,
    IsBetween,
    IsOneOf,
    IsThere,
    Scalar,
)
from local.cosmos.query.paths import Steps

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TEXT = "cast(body as text)"
_ANYTHING = "1"
_EXACT = 2**53
_SLACK = 1e-9
_MOST_TERMS = 300


@dataclass(frozen=True, slots=True)
class Filter:
    """An SQL expression over the column `body`, and the values of its question marks."""

    sql: str = _ANYTHING
    values: tuple[str | float, ...] = ()


def pushed_down(condition: Condition | None) -> Filter:
    """The condition, or as much of it as SQLite can check."""
    if condition is None:
        return Filter()
    filter_ = _filter(condition)
    # SQLite bounds how deep and how long an expression may be.
    return filter_ if filter_.sql.count("json_") < _MOST_TERMS else Filter()


def _filter(condition: Condition) -> Filter:
    match condition:
        case AllOf(parts):
            return _joined(" and ", [_filter(part) for part in parts])
        case AnyOf(()):
            return Filter("0")
        case AnyOf(parts):
            return _joined(" or ", [_filter(part) for part in parts])
        case _ if not all(map(_PLAIN.fullmatch, condition.path)):
            return Filter()
        case _:
            return _of_one(condition)


def _joined(word: str, parts: list[Filter]) -> Filter:
    sql = f"({word.join(part.sql for part in parts)})"
    return Filter(sql, tuple(value for part in parts for value in part.values))


def _of_one(condition: IsThere | IsOneOf | IsBetween | Holds) -> Filter:
    match condition:
        case IsThere(path, missing):
            return _missing(path) if missing else _there(path)
        case IsOneOf(path, values):
            return _one_of(path, values)
        case IsBetween(path, low, high):
            return _between(path, low, high)
        case Holds(path, value):
            return _holds(path, value)


def _one_of(path: Steps, values: tuple[Scalar, ...]) -> Filter:
    """Texts in one list, because there may be many; the rest one by one."""
    texts = [value for value in values if isinstance(value, str) and "\0" not in value]
    parts = [_equal(path, value) for value in values if value not in texts]
    if texts:
        marks = ", ".join("?" * len(texts))
        parts.append(Filter(f"{_extract(path)} in ({marks})", tuple(texts)))
    return _joined(" or ", parts)


def _equal(path: Steps, value: Scalar) -> Filter:
    if value is None:
        return Filter(f"({_extract(path)} is null and {_type(path)} = 'null')")
    if isinstance(value, bool):
        return _compared(path, "=", int(value))  # which lets numbers pass, and is fast
    if isinstance(value, str):
        return _compared(path, "=", value)
    if value == int(value) and abs(value) < _EXACT:
        return _compared(path, "=", int(value))
    return _between(path, value, value)


def _between(path: Steps, low: str | float | None, high: str | float | None) -> Filter:
    parts = []
    if low is not None:
        parts.append(_compared(path, ">=", _widened(low, -1)))
    if high is not None:
        parts.append(_compared(path, "<=", _widened(high, 1)))
    return _joined(" and ", parts)


def _compared(path: Steps, operator: str, value: str | float) -> Filter:
    if isinstance(value, str) and "\0" in value:
        return Filter(f"{_type(path)} = 'text'")
    return Filter(f"{_extract(path)} {operator} ?", (value,))


# `json_extract` takes half as long as `json_type`, but does not tell null from nothing.
def _there(path: Steps) -> Filter:
    return Filter(f"({_extract(path)} is not null or {_type(path)} is not null)")


def _missing(path: Steps) -> Filter:
    return Filter(f"({_extract(path)} is null and {_type(path)} is null)")


def _extract(path: Steps) -> str:
    return f"json_extract({_TEXT}, {_path(path)})"


def _type(path: Steps) -> str:
    return f"json_type({_TEXT}, {_path(path)})"


def _holds(path: Steps, value: Scalar) -> Filter:
    if isinstance(value, str | int) and _is_exact(value):
        among = f"select 1 from json_each({_TEXT}, {_path(path)}) where value = ?"
        return Filter(f"exists({among})", (value,))
    return Filter(f"{_type(path)} = 'array'")


def _is_exact(value: str | int) -> bool:
    """Whether SQLite compares it as the query engine does."""
    return "\0" not in value if isinstance(value, str) else abs(value) < _EXACT


def _widened(bound: str | float, direction: int) -> str | float:
    if isinstance(bound, str):
        return bound
    return float(bound) + direction * (abs(bound) * _SLACK + _SLACK)


def _path(path: Steps) -> str:
    """A JSON path as an SQL literal; the steps are plain identifiers."""
    return f"'$.{'.'.join(path)}'"
