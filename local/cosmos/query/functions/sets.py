"""Functions on arrays as sets: each value once, whatever its place."""

from collections.abc import Callable

from local.cosmos.query.functions.registry import function
from local.cosmos.query.values import UNDEFINED, order_key
from local.cosmos.wire import Value

_Key = tuple[int, Value]


def _of_two(name: str, keep: Callable[[dict[_Key, Value], dict[_Key, Value]], Value]) -> None:
    def operate(left: Value, right: Value) -> Value:
        if not (isinstance(left, list) and isinstance(right, list)):
            return UNDEFINED
        return keep(_by_value(left), _by_value(right))

    function(name, 2)(operate)


def _by_value(items: list[Value]) -> dict[_Key, Value]:
    """Keyed by what makes values equal, in the order of their first places."""
    found: dict[_Key, Value] = {}
    for item in items:
        found.setdefault(order_key(item), item)
    return found


_of_two("SETINTERSECT", lambda a, b: [item for key, item in a.items() if key in b])
_of_two("SETUNION", lambda a, b: list({**a, **{key: b[key] for key in b if key not in a}}.values()))
_of_two("SETDIFFERENCE", lambda a, b: [item for key, item in a.items() if key not in b])
_of_two("SETEQUAL", lambda a, b: a.keys() == b.keys())
