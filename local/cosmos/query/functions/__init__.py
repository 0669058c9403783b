"""The built-in functions of Cosmos SQL, by what they are about. `built_in` finds one by name."""

from local.cosmos.query.functions import (
    array_statistics,
    arrays,
    dates,
    integers,
    mathematics,
    regular_expressions,
    sets,
    spatial,
    strings,
    text_search,
    types,
)
from local.cosmos.query.functions.registry import BUILT_IN, BuiltIn

__all__ = ["BuiltIn", "built_in", "loaded"]

loaded = (
    *(array_statistics, arrays, dates, integers, mathematics, regular_expressions),
    *(sets, spatial, strings, text_search, types),
)


def built_in(name: str) -> BuiltIn | None:
    """`name` in upper case."""
    return BUILT_IN.get(name)
