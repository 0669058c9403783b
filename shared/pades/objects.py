"""Reads PDF objects through their references.
A dictionary's own `get` hands out the reference instead.
"""

from collections.abc import Sequence

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject


def resolve(value: object) -> object:
    """What a reference, or a short chain of them, points at."""
    for _ in range(8):
        if not isinstance(value, IndirectObject):
            return value
        value = value.get_object()
    return None


def entry(dictionary: DictionaryObject, key: str) -> object:
    """The resolved value under `key`, or None."""
    return resolve(dictionary.raw_get(key)) if key in dictionary else None


def dictionary_in(dictionary: DictionaryObject, key: str) -> DictionaryObject | None:
    value = entry(dictionary, key)
    return value if isinstance(value, DictionaryObject) else None


def items_in(dictionary: DictionaryObject, key: str) -> Sequence[object]:
    """The unresolved items of the array under `key`; none where there is no array."""
    value = entry(dictionary, key)
    return list(value) if isinstance(value, ArrayObject) else []
