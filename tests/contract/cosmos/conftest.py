"""Both clients of the SDK at the service under test, and what each test may ask of it."""

import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from azure.cosmos import CosmosClient as SyncClient
from azure.cosmos import PartitionKey
from azure.cosmos.aio import ContainerProxy, CosmosClient, DatabaseProxy

from local.cosmos.authorization import EMULATOR_KEY
from local.process import python_part, start
from tests.contract.cosmos.clients import as_asynchronous
from tests.contract.cosmos.endpoint import NEEDS_OURS, VARIABLE, Endpoint, connected_by

TENANT_KEY = PartitionKey(["/tenant_id", "/key"], kind="MultiHash")


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    given = os.environ.get(VARIABLE)
    if given:
        yield connected_by(given)
        return
    log = tmp_path_factory.mktemp("cosmos") / "cosmos.log"
    process = start("cosmos", python_part("local.cosmos", "--port", "0"), log=log)
    try:
        yield Endpoint(process.ready["url"], EMULATOR_KEY)
    finally:
        process.stop()
    assert "Traceback" not in log.read_text()


@pytest.fixture
def own_service() -> None:
    """For tests of a service that they start themselves, or of what is no part of the contract."""
    if os.environ.get(VARIABLE):
        pytest.skip(NEEDS_OURS)


@pytest.fixture(scope="session")
def local_endpoint(endpoint: Endpoint) -> Endpoint:
    """For what only the local service can do."""
    if not endpoint.is_local:
        pytest.skip(NEEDS_OURS)
    return endpoint


@pytest.fixture
def pass_time(local_endpoint: Endpoint) -> Callable[[float], None]:
    """Moves the service's clock forward by that many seconds."""

    def advance(seconds: float) -> None:
        local_endpoint.post("/_local/clock", {"advance_s": seconds})

    return advance


@pytest.fixture(scope="session", params=["aio", "sync"])
async def client(request: pytest.FixtureRequest, endpoint: Endpoint) -> AsyncIterator[CosmosClient]:
    """Each test that uses it runs with the asynchronous client and with the synchronous one."""
    options: dict[str, Any] = {} if endpoint.verify else {"connection_verify": False}
    if request.param == "aio":
        async with CosmosClient(endpoint.url, endpoint.key, **options) as connected:
            yield connected
    else:
        with SyncClient(endpoint.url, endpoint.key, **options) as synchronous:
            yield as_asynchronous(synchronous)


@pytest.fixture
async def database(client: CosmosClient) -> AsyncIterator[DatabaseProxy]:
    created = await client.create_database(f"contract-{uuid.uuid4().hex}")
    yield created
    await client.delete_database(created.id)


class NewContainer(Protocol):
    """Creates a container, partitioned by /pk unless told otherwise."""

    def __call__(
        self, name: str = ..., partition_key: PartitionKey = ..., **options: Any
    ) -> Awaitable[ContainerProxy]: ...


@pytest.fixture
def new_container(database: DatabaseProxy) -> NewContainer:
    async def create(
        name: str = "items",
        partition_key: PartitionKey = PartitionKey("/pk"),  # noqa: B008 - never changed
        **options: Any,
    ) -> ContainerProxy:
        created: ContainerProxy = await database.create_container(name, partition_key, **options)
        return created

    return create


@pytest.fixture
async def container(new_container: NewContainer) -> ContainerProxy:
    return await new_container()


@pytest.fixture
async def tenants(new_container: NewContainer) -> ContainerProxy:
    """Partitioned by /tenant_id and /key, as the product's containers are."""
    return await new_container("tenants", TENANT_KEY, default_ttl=-1)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "part.log"
