"""Values inside a query: `undefined`, types and their order, equality, three-valued comparison."""

from collections.abc import Callable
from enum import Enum
from typing import Final

from local.cosmos.wire import Value, canonical


class Undefined(Enum):
    """What a missing property is. It is no JSON value and never leaves a query."""

    UNDEFINED = "undefined"

    def __bool__(self) -> bool:
        return False


UNDEFINED: Final = Undefined.UNDEFINED

# The order of types in ORDER BY, MIN and MAX.
NO_TYPE, NULL, BOOLEAN, NUMBER, STRING, ARRAY, OBJECT = range(7)


def type_of(value: Value) -> int:
    return _RANKS.get(type(value), OBJECT)


_RANKS: dict[type, int] = {
    Undefined: NO_TYPE,
    type(None): NULL,
    bool: BOOLEAN,
    int: NUMBER,
    float: NUMBER,
    str: STRING,
    list: ARRAY,
    dict: OBJECT,
}


NUMBERS = (int, float)
_PLAIN = frozenset({int, float, str})  # equal where Python says so, among themselves


def is_number(value: Value) -> bool:
    return type(value) in NUMBERS


def order_key(value: Value) -> tuple[int, Value]:
    """Sorts values of all types: undefined, null, booleans, numbers, strings, arrays, objects."""
    rank = type_of(value)
    if rank in (NO_TYPE, NULL):
        return rank, 0
    return rank, value if rank < ARRAY else canonical(value)


def same(left: Value, right: Value) -> bool:
    """Deep equality; 1 equals 1.0 and never true."""
    rank = type_of(left)
    if rank != type_of(right):
        return False
    if rank == ARRAY:
        return len(left) == len(right) and all(map(same, left, right))
    if rank == OBJECT:
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    return bool(left == right)


def equal(left: Value, right: Value) -> bool | Undefined:
    """Undefined where a side is missing; values of different types are simply not equal."""
    if type(left) in _PLAIN and type(left) is type(right):
        return bool(left == right)
    if _is_missing(left) or _is_missing(right):
        return UNDEFINED
    return same(left, right)


def not_equal(left: Value, right: Value) -> bool | Undefined:
    if _is_missing(left) or _is_missing(right):
        return UNDEFINED
    return not same(left, right)


def _is_missing(value: Value) -> bool:
    return value is UNDEFINED


def _ordered(test: Callable[[Value, Value], bool]) -> Callable[[Value, Value], bool | Undefined]:
    def compare(left: Value, right: Value) -> bool | Undefined:
        rank = type_of(left)
        if rank == NO_TYPE or rank != type_of(right) or rank >= ARRAY:
            return UNDEFINED
        return test(0, 0) if rank == NULL else test(left, right)

    return compare


COMPARISONS: dict[str, Callable[[Value, Value], bool | Undefined]] = {
    "=": equal,
    "!=": not_equal,
    "<": _ordered(lambda left, right: bool(left < right)),
    ">": _ordered(lambda left, right: bool(left > right)),
    "<=": _ordered(lambda left, right: bool(left <= right)),
    ">=": _ordered(lambda left, right: bool(left >= right)),
}


def negation(value: Value) -> bool | Undefined:
    return not value if isinstance(value, bool) else UNDEFINED


def conjunction(values: "list[Value]") -> bool | Undefined:
    """False beats undefined beats true; anything but a boolean counts as undefined."""
    if any(value is False for value in values):
        return False
    return True if all(value is True for value in values) else UNDEFINED


def disjunction(values: "list[Value]") -> bool | Undefined:
    """True beats undefined beats false."""
    if any(value is True for value in values):
        return True
    return False if all(value is False for value in values) else UNDEFINED
