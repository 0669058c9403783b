"""Functions on numbers. Angles are in radians."""

import math
import secrets
from collections.abc import Callable

from local.cosmos.query.arithmetic import number
from local.cosmos.query.functions.registry import function
from local.cosmos.query.values import UNDEFINED, is_number
from local.cosmos.wire import Value

_MOST_DIGITS = 300
_RANDOM = secrets.SystemRandom()


def _of_one(name: str, compute: Callable[[float], float]) -> None:
    def operate(value: Value) -> Value:
        if not is_number(value):
            return UNDEFINED
        try:
            return number(compute(value))
        except (ArithmeticError, ValueError):
            return UNDEFINED

    function(name, 1)(operate)


def _of_two(name: str, compute: Callable[[float, float], float]) -> None:
    def operate(left: Value, right: Value) -> Value:
        if not (is_number(left) and is_number(right)):
            return UNDEFINED
        try:
            return number(compute(left, right))
        except (ArithmeticError, ValueError):
            return UNDEFINED

    function(name, 2)(operate)


def _half_away_from_zero(value: float) -> float:
    return math.copysign(math.floor(abs(value) + 0.5), value)


_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "ABS": abs,
    "ACOS": math.acos,
    "ASIN": math.asin,
    "ATAN": math.atan,
    "CEILING": math.ceil,
    "COS": math.cos,
    "COT": lambda value: 1 / math.tan(value),
    "DEGREES": math.degrees,
    "EXP": math.exp,
    "FLOOR": math.floor,
    "LOG10": math.log10,
    "RADIANS": math.radians,
    "SIGN": lambda value: (value > 0) - (value < 0),
    "SIN": math.sin,
    "SQRT": math.sqrt,
    "SQUARE": lambda value: float(value) * value,
    "TAN": math.tan,
    "TRUNC": math.trunc,
}
for _name, _compute in _FUNCTIONS.items():
    _of_one(_name, _compute)

_of_two("ATN2", math.atan2)
_of_two("POWER", math.pow)
_of_two("NUMBERBIN", lambda value, size: math.floor(value / size) * size)


@function("PI", 0)
def pi() -> Value:
    return math.pi


@function("RAND", 0)
def rand() -> Value:
    return _RANDOM.random()


@function("LOG", 1, 2)
def log(value: Value, base: Value = math.e) -> Value:
    if not (is_number(value) and is_number(base)):
        return UNDEFINED
    try:
        return number(math.log(value) if base == math.e else math.log(value, base))
    except (ArithmeticError, ValueError):
        return UNDEFINED


@function("ROUND", 1, 2)
def rounded(value: Value, digits: Value = 0) -> Value:
    if not (is_number(value) and is_number(digits)):
        return UNDEFINED
    if not -_MOST_DIGITS <= digits <= _MOST_DIGITS:
        return value
    scale = 10.0 ** int(digits)
    scaled = value * scale
    # A number so large has no digits there that could be rounded away.
    return number(_half_away_from_zero(scaled) / scale) if abs(scaled) < 2**53 else value
