"""Functions on whole numbers of 64 bits, which go round at their ends as processors do."""

from collections.abc import Callable

from local.cosmos.query.functions.registry import function
from local.cosmos.query.values import UNDEFINED, is_number
from local.cosmos.wire import Value

_BITS = 64
_HALF = 1 << 63


def _whole(value: Value) -> int | None:
    if not is_number(value) or value != int(value) or not -_HALF <= value < _HALF:
        return None
    return int(value)


def _around(value: int) -> int:
    return (value + _HALF) % (2 * _HALF) - _HALF


def _of_two(name: str, compute: Callable[[int, int], int]) -> None:
    def operate(left: Value, right: Value) -> Value:
        first, second = _whole(left), _whole(right)
        if first is None or second is None:
            return UNDEFINED
        try:
            return _around(compute(first, second))
        except (ArithmeticError, ValueError):
            return UNDEFINED

    function(name, 2)(operate)


def _quotient(left: int, right: int) -> int:
    """Towards zero, and exact where doubles are not."""
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _remainder(left: int, right: int) -> int:
    return left - right * _quotient(left, right)


def _shifted_left(value: int, bits: int) -> int:
    return value << bits if _checked(bits) < _BITS else 0


def _shifted_right(value: int, bits: int) -> int:
    """The sign stays."""
    return value >> min(_checked(bits), _BITS)


def _checked(bits: int) -> int:
    if bits < 0:
        raise ValueError("A shift is by no bits or more.")
    return bits


_of_two("INTADD", lambda left, right: left + right)
_of_two("INTSUB", lambda left, right: left - right)
_of_two("INTMUL", lambda left, right: left * right)
_of_two("INTDIV", _quotient)
_of_two("INTMOD", _remainder)
_of_two("INTBITAND", lambda left, right: left & right)
_of_two("INTBITOR", lambda left, right: left | right)
_of_two("INTBITXOR", lambda left, right: left ^ right)
_of_two("INTBITLEFTSHIFT", _shifted_left)
_of_two("INTBITRIGHTSHIFT", _shifted_right)


@function("INTBITNOT", 1)
def int_bit_not(value: Value) -> Value:
    whole = _whole(value)
    return UNDEFINED if whole is None else ~whole
