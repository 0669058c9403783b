"""The app as its code has it: every room with functions is imported."""

from collections.abc import Iterable, Iterator
from importlib import import_module

import azure.functions as func

from shared.messaging.relay import relay

# What each capability registers: its rooms with functions, and whether it tells others anything.
ROOMS: dict[str, tuple[str, ...]] = {
    "auth": ("api", "events", "timers"),
    "documents": ("api", "events", "timers"),
    "esignature": ("api", "events", "timers"),
    "geofencing": ("api", "events"),
    "trips": ("api", "events"),
    "calls": ("api", "events", "timers"),
    "notifications": ("api", "events", "timers"),
    "operations": ("api",),
}
SILENT = {"operations"}


def rooms_of(capability: str) -> list[str]:
    """The modules whose `bp` has its functions."""
    return [f"functions.{capability}.{room}" for room in ROOMS[capability]]


def blueprints(capabilities: Iterable[str]) -> Iterator[func.Blueprint]:
    """All functions of these capabilities."""
    for capability in capabilities:
        for room in rooms_of(capability):
            yield import_module(room).bp
        yield from relays([capability])


def relays(capabilities: Iterable[str]) -> Iterator[func.Blueprint]:
    """What brings their events to Service Bus."""
    return (relay(capability) for capability in capabilities if capability not in SILENT)
