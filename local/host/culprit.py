"""Which function is at fault where the engine does not say: the one whose hints cannot be read."""

import os
import sys
import typing
from collections.abc import Iterator
from typing import Any


def named() -> str:
    """A sentence for every function whose annotations raise; empty when there is none."""
    name = os.environ.get("PYTHON_SCRIPT_FILE_NAME", "function_app.py").removesuffix(".py")
    found = []
    for function in _functions(sys.modules.get(name)):
        try:
            typing.get_type_hints(function)
        except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
            known = getattr(function, "__name__", repr(function))
            found.append(f"\nFunction {known}: its annotations cannot be read: {error!r}.")
    return "".join(found)


def _functions(module: object) -> Iterator[Any]:
    """Those that were decorated so far, without asking the app, which can be asked only once."""
    for value in list(vars(module).values()) if module is not None else ():
        for builder in getattr(value, "_function_builders", ()):
            function = getattr(getattr(builder, "_function", None), "_func", None)
            if function is not None:
                yield function
