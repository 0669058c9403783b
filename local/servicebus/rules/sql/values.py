"""What expressions come to, and how two values compare. None is null, and whatever is unknown."""

import math
import operator
from collections.abc import Callable
from typing import Any, Protocol, TypeGuard
from uuid import UUID

from local.servicebus.rules.sql.tree import (
    Arithmetic,
    Constant,
    Expression,
    Negative,
    Property,
    Value,
)

Truth = bool | None
Number = int | float


class Properties(Protocol):
    """What a filter sees of a message."""

    def system(self, name: str) -> Value: ...

    def user(self, name: str) -> tuple[bool, Value]:
        """Whether the message has it, and its value."""


def value(expression: Expression, properties: Properties) -> Value:
    match expression:
        case Constant(known):
            return known
        case Property(name, system):
            return properties.system(name) if system else properties.user(name)[1]
        case Negative(operand):
            number = value(operand, properties)
            return -number if _is_number(number) else None
        case Arithmetic(first, rest):
            result = value(first, properties)
            for sign, operand in rest:
                result = _calculated(sign, result, value(operand, properties))
            return result


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compared(sign: str, left: Value, right: Value) -> Truth:
    """Numbers with numbers, text with text by its characters; all else is equal or not."""
    kind = _kind(left)
    if kind is None or kind is not _kind(right):
        return None
    if kind not in {float, str} and sign not in {"=", "<>"}:
        return None
    return _COMPARE[sign](left, right)


def _kind(known: Value) -> type | None:
    """None for what can be compared with nothing."""
    if _is_number(known):
        return float
    return next((kind for kind in (bool, str, bytes, UUID) if isinstance(known, kind)), None)


def _is_number(known: Value) -> TypeGuard[Number]:
    return isinstance(known, int | float) and not isinstance(known, bool)


def _calculated(sign: str, left: Value, right: Value) -> Value:
    if sign == "+" and isinstance(left, str) and isinstance(right, str):
        return left + right
    if not (_is_number(left) and _is_number(right)):
        return None
    try:
        return _CALCULATE[sign](left, right)
    except (ArithmeticError, ValueError):  # by zero; of what is not finite
        return None


def _divide(left: Number, right: Number) -> Number:
    """As C# does: whole numbers stay whole, rounded towards zero."""
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    return left / right


def _remainder(left: Number, right: Number) -> Number:
    """Has the sign of what is divided."""
    if isinstance(left, int) and isinstance(right, int):
        return abs(left) % abs(right) * (-1 if left < 0 else 1)
    return math.fmod(left, right)


_CALCULATE: dict[str, Callable[[Any, Any], Number]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
    "%": _remainder,
}
