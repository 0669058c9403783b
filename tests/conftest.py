"""What every test may ask for. Isolation is by tenant: each test gets one of its own."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from uuid import uuid4

import pytest

from local.process import Process
from local.provision import TOPOLOGY, provision
from tests.support.azure import (
    configured,
    cosmos_connection,
    let_go,
    running_cosmos,
    running_service_bus,
    service_bus_connection,
)
from tests.support.azurite import blob_storage
from tests.support.http import signing_in
from tests.support.key_vault import key_vault

__all__ = ["blob_storage", "key_vault"]  # fixtures: imported so that every test may ask for them
PUBLIC_BASE_URL = "http://127.0.0.1:7071"


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


@pytest.fixture(scope="session", autouse=True)
def callers() -> Generator[None]:
    """The one setting that every request needs; and callers that tests sign in."""
    with configured(PUBLIC_BASE_URL=PUBLIC_BASE_URL), signing_in():
        yield


@pytest.fixture(scope="session")
def cosmos(logs: Path) -> Generator[Process]:
    with running_cosmos(logs) as process:
        yield process


@pytest.fixture(scope="session")
async def records(
    cosmos: Process, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[None]:
    """The app's Cosmos containers, reached by its own clients."""
    connection = cosmos_connection(cosmos.ready["url"])
    with configured(
        COSMOS=connection,
        PUBLIC_BASE_URL=PUBLIC_BASE_URL,
        COSMOS_DATABASE="collab",
        AUTH_KEY_FOLDER=str(tmp_path_factory.mktemp("keys")),
    ):
        await provision(cosmos=connection, blob=None)
        yield
        await let_go()


@pytest.fixture(scope="session")
async def service_bus(logs: Path, records: None) -> AsyncGenerator[Process]:
    """The broker with the app's own queues and topics, reached by its own clients."""
    with running_service_bus(logs, TOPOLOGY) as process:
        with configured(SERVICE_BUS=service_bus_connection(process.ready["url"])):
            yield process
        await let_go()


@pytest.fixture
def tenant() -> str:
    """Nobody else's."""
    return f"t-{uuid4()}"
