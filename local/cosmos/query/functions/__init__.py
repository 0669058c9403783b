"""The built-in functions of Cosmos SQL, by what they are about. `built_in` finds one by name."""

from local.cosmos.query.functions import (
    arrays,
    dates,
    mathematics,
    spatial,
    strings,
    text_search,
    types,
)
from local.cosmos.query.functions.registry import BUILT_IN, BuiltIn

__all__ = ["BuiltIn", "built_in", "loaded"]

loaded = (arrays, dates, mathematics, spatial, strings, text_search, types)


def built_in(name: str) -> BuiltIn | None:
    """`name` in upper case."""
    return BUILT_IN.get(name)
