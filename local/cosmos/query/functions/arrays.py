"""Functions on arrays and objects."""

from local.cosmos.query.budget import bounded
from local.cosmos.query.functions.registry import function, variadic
from local.cosmos.query.values import UNDEFINED, conjunction, disjunction, is_number, same
from local.cosmos.wire import Value


@function("ARRAY_CONTAINS", 2, 3)
def array_contains(array: Value, sought: Value, partial: Value = False) -> Value:
    """With `partial` an object matches where it has all that `sought` has."""
    if not isinstance(array, list):
        return UNDEFINED
    matches = _covers if partial is True else same
    return any(matches(item, sought) for item in array)


@variadic("ARRAY_CONTAINS_ANY", 2, sees_undefined=True)
def array_contains_any(array: Value, *sought: Value) -> Value:
    return disjunction(_contains_each(array, sought))


@variadic("ARRAY_CONTAINS_ALL", 2, sees_undefined=True)
def array_contains_all(array: Value, *sought: Value) -> Value:
    return conjunction(_contains_each(array, sought))


def _contains_each(array: Value, sought: tuple[Value, ...]) -> list[Value]:
    if not isinstance(array, list):
        return [UNDEFINED]
    return [UNDEFINED if item is UNDEFINED else array_contains(array, item) for item in sought]


@function("ARRAY_LENGTH", 1)
def array_length(array: Value) -> Value:
    return len(array) if isinstance(array, list) else UNDEFINED


@variadic("ARRAY_CONCAT", 2)
def array_concat(*arrays: Value) -> Value:
    if not all(isinstance(array, list) for array in arrays):
        return UNDEFINED
    return bounded([item for array in arrays for item in array])


@function("ARRAY_SLICE", 2, 3)
def array_slice(array: Value, start: Value, length: Value = None) -> Value:
    if not (isinstance(array, list) and is_number(start)):
        return UNDEFINED
    first = int(start) if start >= 0 else max(len(array) + int(start), 0)
    if length is None:
        return array[first:]
    return array[first : first + max(int(length), 0)] if is_number(length) else UNDEFINED


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


def _covers(item: Value, sought: Value) -> bool:
    if isinstance(item, dict) and isinstance(sought, dict):
        return all(name in item and _covers(item[name], part) for name, part in sought.items())
    return same(item, sought)
