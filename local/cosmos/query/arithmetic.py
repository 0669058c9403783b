"""Numbers as the service computes them: IEEE doubles; no answer instead of an error."""

import math
from collections.abc import Callable

from local.cosmos.query.values import NUMBERS, UNDEFINED, is_number
from local.cosmos.wire import Value

_LARGEST_WHOLE = 2**53


def number(value: float) -> Value:
    """Whole numbers without a fraction; undefined for what JSON cannot hold."""
    if isinstance(value, int):
        return value if -_LARGEST_WHOLE <= value <= _LARGEST_WHOLE else number(float(value))
    if not math.isfinite(value):
        return UNDEFINED
    return int(value) if value.is_integer() and abs(value) < _LARGEST_WHOLE else value


def _of_two(compute: Callable[[float, float], float]) -> Callable[[Value, Value], Value]:
    def operate(left: Value, right: Value) -> Value:
        if type(left) not in NUMBERS or type(right) not in NUMBERS:
            return UNDEFINED
        try:
            return number(compute(left, right))
        except (ArithmeticError, ValueError):
            return UNDEFINED

    return operate


def _of_bits(compute: Callable[[int, int], int]) -> Callable[[Value, Value], Value]:
    def operate(left: Value, right: Value) -> Value:
        if not (is_number(left) and is_number(right)):
            return UNDEFINED
        if left != int(left) or right != int(right):
            return UNDEFINED
        if abs(left) >= _LARGEST_WHOLE or abs(right) >= _LARGEST_WHOLE:
            return UNDEFINED
        return number(compute(int(left), int(right)))

    return operate


ARITHMETIC: dict[str, Callable[[Value, Value], Value]] = {
    "+": _of_two(lambda left, right: left + right),
    "-": _of_two(lambda left, right: left - right),
    "*": _of_two(lambda left, right: left * right),
    "/": _of_two(lambda left, right: left / right),
    "%": _of_two(math.fmod),
    "&": _of_bits(lambda left, right: left & right),
    "|": _of_bits(lambda left, right: left | right),
    "^": _of_bits(lambda left, right: left ^ right),
}


def negative(value: Value) -> Value:
    return number(-value) if is_number(value) else UNDEFINED


def positive(value: Value) -> Value:
    return value if is_number(value) else UNDEFINED


def inverted(value: Value) -> Value:
    whole = is_number(value) and value == int(value) and abs(value) < _LARGEST_WHOLE
    return ~int(value) if whole else UNDEFINED
