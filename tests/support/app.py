"""The real app's functions, indexed once for a whole run."""

from functools import cache
from typing import Any


@cache
def app_functions() -> list[Any]:
    """`FunctionApp.get_functions()` may be called once only."""
    from function_app import app

    return list(app.get_functions())
