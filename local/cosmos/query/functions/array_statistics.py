"""Functions that make one number of the numbers in an array."""

import statistics
from collections.abc import Callable

from local.cosmos.query.arithmetic import number
from local.cosmos.query.functions.registry import function
from local.cosmos.query.values import ARRAY, NULL, UNDEFINED, is_number, order_key, type_of
from local.cosmos.wire import Value


def _of_numbers(name: str, compute: Callable[[list[float]], float]) -> None:
    """Undefined for an empty array, and where an item is no number."""

    def operate(array: Value) -> Value:
        if not isinstance(array, list) or not array or not all(map(is_number, array)):
            return UNDEFINED
        try:
            return number(compute(array))
        except (ArithmeticError, ValueError):
            return UNDEFINED

    function(name, 1)(operate)


_of_numbers("ARRAY_AVG", lambda numbers: sum(numbers) / len(numbers))
_of_numbers("ARRAY_MEDIAN", statistics.median)
_of_numbers("ARRAY_SUM", sum)


def _extreme(name: str, pick: Callable[..., Value]) -> None:
    """By the order of ORDER BY, among nulls, booleans, numbers and strings."""

    def operate(array: Value) -> Value:
        if not isinstance(array, list) or not array:
            return UNDEFINED
        if not all(NULL <= type_of(item) < ARRAY for item in array):
            return UNDEFINED
        return pick(array, key=order_key)

    function(name, 1)(operate)


_extreme("ARRAY_MAX", max)
_extreme("ARRAY_MIN", min)
