"""The HTTP functions of an app, as the host sees them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shared.http.declaration import Declaration

PARAMETER = re.compile(r"\{\*?([A-Za-z_]\w*)[^}]*\}")


@dataclass(frozen=True)
class Registered:
    """One HTTP function: its name, path under /api, methods and declaration."""

    name: str
    path: str
    methods: tuple[str, ...]
    auth_level: str
    declaration: Declaration

    @property
    def parameters(self) -> list[str]:
        return PARAMETER.findall(self.path)

    @property
    def template(self) -> str:
        """The path as OpenAPI writes it, without the host's constraints."""
        return "/" + PARAMETER.sub(r"{\1}", self.path)


def http_functions(functions: Iterable[Any]) -> list[Registered]:
    """Of `FunctionApp.get_functions()`, those with an HTTP trigger, by path."""
    found = []
    for function in functions:
        trigger = function.get_trigger().get_dict_repr()
        if trigger["type"] == "httpTrigger":
            found.append(
                Registered(
                    name=function.get_function_name(),
                    path=trigger["route"].strip("/"),
                    methods=tuple(method.value for method in trigger["methods"]),
                    auth_level=trigger["authLevel"].value,
                    declaration=function.get_user_function().declaration,
                )
            )
    return sorted(found, key=lambda each: (each.path, each.methods))
