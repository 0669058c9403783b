"""The local Azure's parts as the tests need them: real emulators, started once for a whole run."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from local.process import Process, python_part, start
from shared.platform.settings import settings

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
