"""Functions on arrays and objects."""

from local.cosmos.query.functions.registry import function, variadic
from local.cosmos.query.values import UNDEFINED, is_number, order_key, same
from local.cosmos.wire import Value


@function("ARRAY_CONTAINS", 2, 3)
def array_contains(array: Value, sought: Value, partial: Value = False) -> Value:
    """With `partial` an object matches where it has all that `sought` has."""
    if not isinstance(array, list):
        return UNDEFINED
    matches = _covers if partial is True else same
    return any(matches(item, sought) for item in array)


@variadic("ARRAY_CONTAINS_ANY", 2)
def array_contains_any(array: Value, *sought: Value) -> Value:
    if not isinstance(array, list):
        return UNDEFINED
    return any(array_contains(array, item) for item in _wanted(sought))


@variadic("ARRAY_CONTAINS_ALL", 2)
def array_contains_all(array: Value, *sought: Value) -> Value:
    if not isinstance(array, list):
        return UNDEFINED
    return all(array_contains(array, item) for item in _wanted(sought))


@function("ARRAY_LENGTH", 1)
def array_length(array: Value) -> Value:
    return len(array) if isinstance(array, list) else UNDEFINED


@variadic("ARRAY_CONCAT", 2)
def array_concat(*arrays: Value) -> Value:
    if not all(isinstance(array, list) for array in arrays):
        return UNDEFINED
    return [item for array in arrays for item in array]


@function("ARRAY_SLICE", 2, 3)
def array_slice(array: Value, start: Value, length: Value = None) -> Value:
    if not (isinstance(array, list) and is_number(start)):
        return UNDEFINED
    first = int(start) if start >= 0 else max(len(array) + int(start), 0)
    if length is None:
        return array[first:]
    return array[first : first + max(int(length), 0)] if is_number(length) else UNDEFINED


@function("SETINTERSECT", 2)
def set_intersect(left: Value, right: Value) -> Value:
    if not (isinstance(left, list) and isinstance(right, list)):
        return UNDEFINED
    return _distinct([item for item in left if array_contains(right, item)])


@function("SETUNION", 2)
def set_union(left: Value, right: Value) -> Value:
    if not (isinstance(left, list) and isinstance(right, list)):
        return UNDEFINED
    return _distinct([*left, *right])


@function("SETDIFFERENCE", 2)
def set_difference(left: Value, right: Value) -> Value:
    if not (isinstance(left, list) and isinstance(right, list)):
        return UNDEFINED
    return _distinct([item for item in left if not array_contains(right, item)])


@function("OBJECTTOARRAY", 1, 3)
def object_to_array(value: Value, key: Value = "k", content: Value = "v") -> Value:
    if not (isinstance(value, dict) and isinstance(key, str) and isinstance(content, str)):
        return UNDEFINED
    return [{key: name, content: item} for name, item in value.items()]


@variadic("CHOOSE", 2)
def choose(position: Value, *choices: Value) -> Value:
    """One-based."""
    if not is_number(position) or not 1 <= int(position) <= len(choices):
        return UNDEFINED
    return choices[int(position) - 1]


def _wanted(sought: tuple[Value, ...]) -> list[Value]:
    only = sought[0] if len(sought) == 1 else None
    return only if isinstance(only, list) else list(sought)


def _covers(item: Value, sought: Value) -> bool:
    if isinstance(item, dict) and isinstance(sought, dict):
        return all(name in item and _covers(item[name], part) for name, part in sought.items())
    return same(item, sought)


def _distinct(items: list[Value]) -> list[Value]:
    return list({order_key(item): item for item in items}.values())
