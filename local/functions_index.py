"""Writes functions/index.json from the code, or checks that it fits it."""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import azure.functions as func

from shared.platform.settings import CAPABILITIES
from shared.registering import index
from shared.registering.index import INDEX
from shared.registering.rooms import blueprints

LEFT_OUT = {"type", "direction", "name"}


def functions() -> list[Any]:
    """All of the app as its code has them, the real ones and not what stands for them."""
    return [each for capability in CAPABILITIES for each in of_capability(capability)]


def of_capability(capability: str) -> list[Any]:
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
    for bp in blueprints([capability]):
        app.register_functions(bp)
    return list(app.get_functions())


def entries() -> Iterator[dict[str, Any]]:
    """One for each function but the relays, which the app registers by itself."""
    for capability in CAPABILITIES:
        for function in of_capability(capability):
            if function.get_trigger().get_dict_repr()["type"] in index.KINDS:
                yield {"capability": capability, **_described(function)}


def _described(function: Any) -> dict[str, Any]:
    trigger = function.get_trigger().get_dict_repr()
    settings = {
        _snake(name): _plain(value) for name, value in trigger.items() if name not in LEFT_OUT
    }
    argument = "trigger_arg_name" if trigger["type"] == "httpTrigger" else "arg_name"
    return {
        "name": function.get_function_name(),
        "trigger": trigger["type"],
        "settings": {argument: trigger["name"], **settings},
    }


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: "_" + found[1].lower(), name)


def _plain(value: Any) -> Any:
    """Enumerations by their values, in lists too."""
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return getattr(value, "value", value)


def text() -> str:
    return json.dumps(list(entries()), indent=1) + "\n"


def main(arguments: list[str]) -> int:
    if "--check" not in arguments:
        INDEX.write_text(text(), encoding="utf-8")
        return 0
    if INDEX.exists() and INDEX.read_text(encoding="utf-8") == text():
        return 0
    print("Out of date: functions/index.json. Run `make openapi`.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
