"""One broker process for all of these tests, one with a clock that moves, and clients for both."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from azure.servicebus.aio import ServiceBusClient

from local import process
from tests.contract.servicebus import entities
from tests.contract.servicebus.hurried import HurriedLoop
from tests.contract.servicebus.links import all_closed
from tests.contract.servicebus.moving import KEY, MovingBroker, connection_string, moving_broker

FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Links that are still closing outlive their test, and so must its event loop.

    It is not the loop of the whole run, which is an ordinary one.
    """
    for item in items:
        if pytest_asyncio.is_async_test(item) and FOLDER in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="package"), append=False)


def pytest_asyncio_loop_factories() -> dict[str, type[HurriedLoop]]:
    return {"hurried": HurriedLoop}


@pytest.fixture(scope="session")
def topology(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return entities.write(tmp_path_factory.mktemp("servicebus") / "topology.json")


@pytest.fixture(scope="session")
def broker(topology: Path) -> Iterator[process.Process]:
    folder = topology.parent
    part = process.start(
        "servicebus",
        process.python_part(
            "local.servicebus", "--data", str(folder / "data"), "--topology", str(topology)
        ),
        log=folder / "log",
        env={"LOCAL_PART_KEY": KEY},
    )
    yield part
    part.stop()


@pytest.fixture(scope="session")
def address(broker: process.Process) -> str:
    return connection_string(broker.ready["url"])


@pytest.fixture(scope="session")
def moving(topology: Path) -> Iterator[MovingBroker]:
    with moving_broker(topology) as running:
        yield running


@pytest.fixture(scope="session")
def unused() -> entities.Unused:
    return entities.Unused()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def client(address: str) -> AsyncIterator[ServiceBusClient]:
    async with ServiceBusClient.from_connection_string(address, retry_total=0) as opened:
        yield opened
        await all_closed()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def moving_client(moving: MovingBroker) -> AsyncIterator[ServiceBusClient]:
    async with ServiceBusClient.from_connection_string(
        moving.connection_string, retry_total=0
    ) as opened:
        yield opened
        await all_closed()
