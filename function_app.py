"""Every function of the app, capability by capability; COLLAB_CAPABILITIES may choose fewer."""

import gc

gc.disable()  # what loading makes stays; looking for garbage in it costs a fifth of the time

from importlib import import_module  # noqa: E402 - see above

import azure.functions as func  # noqa: E402 - see above

from shared.messaging.relay import relay  # noqa: E402 - see above
from shared.platform.settings import enabled_capabilities  # noqa: E402 - see above

# What each capability registers: its rooms with functions, and whether it tells others anything.
ROOMS: dict[str, tuple[str, ...]] = {
    "auth": ("api", "events"),
    "documents": ("api", "events", "timers"),
    "esignature": ("api", "events", "timers"),
    "geofencing": ("api", "events"),
    "trips": ("api", "events"),
    "calls": ("api", "events", "timers"),
    "notifications": ("api", "events", "timers"),
    "operations": ("api",),
}
SILENT = {"operations"}

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)  # @endpoint checks the caller

for capability in enabled_capabilities():
    for room in ROOMS[capability]:
        app.register_functions(import_module(f"functions.{capability}.{room}").bp)
    if capability not in SILENT:
        app.register_functions(relay(capability))

gc.freeze()
gc.enable()
