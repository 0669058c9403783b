"""The local Azure's parts as the tests need them: real emulators, started once for a whole run."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from local.process import Process, python_part, start
from shared.identity.verifying import verifier
from shared.platform import clients
from shared.platform.settings import settings
from shared.provided import Provided

COSMOS_KEY = (
    "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw=="
)
SERVICE_BUS_KEY = "bG9jYWwtdGVzdHMtb25seS1rZXk="


@contextmanager
def running_cosmos(logs: Path) -> Generator[Process]:
    """The Cosmos emulator, in memory."""
    command = python_part("local.cosmos", "--port", "0")
    process = start("cosmos", command, log=logs / "cosmos.log", env={"LOCAL_PART_KEY": COSMOS_KEY})
    try:
        yield process
    finally:
        process.stop()


@contextmanager
def running_service_bus(logs: Path, topology: Path) -> Generator[Process]:
    """The Service Bus broker, in memory, with the app's own topology."""
    command = python_part("local.servicebus", "--port", "0", "--topology", str(topology))
    env = {"LOCAL_PART_KEY": SERVICE_BUS_KEY}
    process = start("servicebus", command, log=logs / "servicebus.log", env=env)
    try:
        yield process
    finally:
        process.stop()


def cosmos_connection(url: str) -> str:
    return f"AccountEndpoint={url}/;AccountKey={COSMOS_KEY};"


def service_bus_connection(url: str) -> str:
    return (
        f"Endpoint={url};SharedAccessKeyName=RootManageSharedAccessKey;"
        f"SharedAccessKey={SERVICE_BUS_KEY};UseDevelopmentEmulator=true"
    )


async def let_go() -> None:
    """Close the app's clients, and forget everything that was built on them.

    Fixtures that last for the run may still be made anew within it, on another event loop.
    """
    await clients.close_all()
    for name, module in list(sys.modules.items()):
        if name.startswith(("functions.", "shared.")):
            for value in vars(module).values():
                if isinstance(value, Provided) and value is not verifier:
                    value.forget()


@contextmanager
def configured(**values: str) -> Generator[None]:
    """App settings for as long as it lasts; double underscores as they are."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    settings.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        settings.cache_clear()
