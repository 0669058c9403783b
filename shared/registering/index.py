"""The app as its index has it: nothing of a capability is imported before it is first called.

`functions/index.json` is written from the code by `python -m local.functions_index`, and a test
compares the two. With it a fresh instance answers its first request a third of a second sooner,
and does so however many functions there are.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import azure.functions as func

from shared.registering.rooms import rooms_of

INDEX = Path(__file__).resolve().parents[2] / "functions" / "index.json"
Entry = Mapping[str, Any]
Called = Callable[[Any], Any]


def blueprint(capabilities: Iterable[str]) -> func.Blueprint:
    """All functions of these capabilities but the relays."""
    wanted = set(capabilities)
    bp = func.Blueprint()
    for entry in json.loads(INDEX.read_bytes()):
        if entry["capability"] in wanted:
            _add(bp, entry)
    return bp


@cache
def functions_of(capability: str) -> dict[str, Called]:
    """The functions of a capability by name. Imports all of it that has functions."""
    app = func.FunctionApp()
    for room in rooms_of(capability):
        app.register_functions(import_module(room).bp)
    return {str(f.get_function_name()): f.get_user_function() for f in app.get_functions()}


def _add(bp: func.Blueprint, entry: Entry) -> None:
    """A function of this name and with this trigger, which calls the real one."""
    settings = dict(entry["settings"])
    stub, trigger = KINDS[entry["trigger"]](bp, entry["capability"], entry["name"])
    bp.function_name(entry["name"])(trigger(**settings)(stub))


def _http(bp: func.Blueprint, capability: str, name: str) -> tuple[Called, Any]:
    async def http(req: func.HttpRequest) -> func.HttpResponse:
        response: func.HttpResponse = await functions_of(capability)[name](req)
        return response

    return http, bp.route


def _message(bp: func.Blueprint, capability: str, name: str) -> tuple[Called, Any]:
    async def handle(message: func.ServiceBusMessage) -> None:
        await functions_of(capability)[name](message)

    return handle, _service_bus(bp)


def _timer(bp: func.Blueprint, capability: str, name: str) -> tuple[Called, Any]:
    async def run(timer: func.TimerRequest) -> None:
        await functions_of(capability)[name](timer)

    return run, bp.timer_trigger


def _service_bus(bp: func.Blueprint) -> Callable[..., Any]:
    def trigger(**settings: Any) -> Any:
        make = (
            bp.service_bus_queue_trigger
            if "queue_name" in settings
            else bp.service_bus_topic_trigger
        )
        return make(**settings)

    return trigger


KINDS: dict[str, Callable[[func.Blueprint, str, str], tuple[Called, Any]]] = {
    "httpTrigger": _http,
    "serviceBusTrigger": _message,
    "timerTrigger": _timer,
}
