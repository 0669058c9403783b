"""The endpoint under test: our own as a child process, or the account in the environment."""

import json
import os
import urllib.request
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from azure.cosmos import PartitionKey
from azure.cosmos.aio import ContainerProxy, CosmosClient, DatabaseProxy

from local.cosmos.authorization import EMULATOR_KEY
from local.process import python_part, start

TENANT_KEY = PartitionKey(["/tenant_id", "/key"], kind="MultiHash")


@dataclass(frozen=True)
class Endpoint:
    """Where to ask, with which key, and whether it is ours."""

    url: str
    key: str
    is_local: bool = True

    def post(self, path: str, body: dict[str, object]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.url}{path}",
            json.dumps(body).encode(),
            {"content-type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            answer: dict[str, Any] = json.loads(response.read())
            return answer


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    given = os.environ.get("COSMOS_CONTRACT_ENDPOINT")
    if given:
        yield Endpoint(given, os.environ["COSMOS_CONTRACT_KEY"], is_local=False)
        return
    log = tmp_path_factory.mktemp("cosmos") / "cosmos.log"
    process = start("cosmos", python_part("local.cosmos", "--port", "0"), log=log)
    try:
        yield Endpoint(process.ready["url"], EMULATOR_KEY)
    finally:
        process.stop()
    assert "Traceback" not in log.read_text()


@pytest.fixture
def local_endpoint(endpoint: Endpoint) -> Endpoint:
    """For what only the local service can do."""
    if not endpoint.is_local:
        pytest.skip("needs the local endpoint")
    return endpoint


@pytest.fixture
def pass_time(local_endpoint: Endpoint) -> Callable[[float], None]:
    """Moves the service's clock forward by that many seconds."""

    def advance(seconds: float) -> None:
        local_endpoint.post("/_local/clock", {"advance_s": seconds})

    return advance


@pytest.fixture
async def client(endpoint: Endpoint) -> AsyncIterator[CosmosClient]:
    async with CosmosClient(endpoint.url, endpoint.key) as connected:
        yield connected


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
