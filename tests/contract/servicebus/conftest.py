"""One broker process for all of these tests, one with a clock that moves, and clients for both."""

import os
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from azure.servicebus.aio import ServiceBusClient

from local import process
from tests.contract.servicebus import entities
from tests.contract.servicebus.emptying import emptied
from tests.contract.servicebus.flavours import FLAVOURS, opened_client
from tests.contract.servicebus.hurried import HurriedLoop
from tests.contract.servicebus.links import all_closed
from tests.contract.servicebus.moving import KEY, MovingBroker, connection_string, moving_broker

FOLDER = Path(__file__).parent
# The connection string of another namespace with the entities of topology.json beside this file.
ENDPOINT = os.environ.get("CONTRACT_SERVICE_BUS")
LOCAL_ONLY = {"broker", "moving", "moving_client", "page", "topology", "tmp_path", "journal"}
SKIPPED = "CONTRACT_SERVICE_BUS is set, and this test needs a broker of its own: {}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Links that are still closing outlive their test, and so must its event loop.

    It is not the loop of the whole run, which is an ordinary one.
    """
    for item in items:
        if FOLDER not in item.path.parents:
            continue
        if pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="package"), append=False)
        if ENDPOINT and (reason := _needs(item)):
            item.add_marker(pytest.mark.skip(reason=SKIPPED.format(reason)))


def _needs(item: pytest.Item) -> str:
    """What of the local broker a test asks for; nothing if it is content with an endpoint."""
    used = set(getattr(item, "fixturenames", ()))
    if used & LOCAL_ONLY:
        return ", ".join(sorted(used & LOCAL_ONLY))
    return "" if "client" in used or "address" in used else "its code"


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
def address(request: pytest.FixtureRequest) -> str:
    """Of the endpoint that these tests are about."""
    if ENDPOINT:
        return ENDPOINT
    broker: process.Process = request.getfixturevalue("broker")
    return connection_string(broker.ready["url"])


@pytest.fixture(scope="session")
def moving(topology: Path) -> Iterator[MovingBroker]:
    with moving_broker(topology) as running:
        yield running


@pytest.fixture(scope="session")
def unused() -> entities.Unused:
    if ENDPOINT:
        return entities.Unused(entities.FOREIGN, partial(emptied, ENDPOINT))
    return entities.Unused()


@pytest_asyncio.fixture(scope="package", loop_scope="package", autouse=True)
async def _links_are_closed() -> AsyncIterator[None]:
    yield
    await all_closed()


@pytest_asyncio.fixture(scope="package", loop_scope="package", params=FLAVOURS)
async def client(address: str, request: pytest.FixtureRequest) -> AsyncIterator[ServiceBusClient]:
    async with opened_client(address, request.param) as opened:
        yield opened
        await all_closed()


@pytest_asyncio.fixture(scope="package", loop_scope="package", params=FLAVOURS)
async def moving_client(
    moving: MovingBroker, request: pytest.FixtureRequest
) -> AsyncIterator[ServiceBusClient]:
    async with opened_client(moving.connection_string, request.param) as opened:
        yield opened
        await all_closed()
