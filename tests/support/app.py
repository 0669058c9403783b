"""The real app's functions, collected once for a whole run."""

from functools import cache
from typing import Any

from local.functions_index import functions


@cache
def app_functions() -> list[Any]:
    """As the code has them, declarations included."""
    return functions()
