"""The account under test: Azurite, or the one that `CONTRACT_BLOB` connects to."""

import os
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import aiohttp
import pytest
from azure.storage.blob import BlobServiceClient, ContainerClient
from azure.storage.blob.aio import BlobServiceClient as AsyncServiceClient
from azure.storage.blob.aio import ContainerClient as AsyncContainerClient

from tests.support.azurite import blob_connection, running_azurite

VARIABLE = "CONTRACT_BLOB"
MIB = 1024 * 1024


@pytest.fixture(scope="session")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A process of its own: these tests leave the app's containers alone."""
    if given := os.environ.get(VARIABLE):
        yield given
        return
    with running_azurite(tmp_path_factory.mktemp("azurite")) as process:
        yield blob_connection(process.ready["url"])


@pytest.fixture
def service(connection: str) -> Iterator[BlobServiceClient]:
    with BlobServiceClient.from_connection_string(connection, retry_total=0) as client:
        yield client


@pytest.fixture
def container(service: BlobServiceClient) -> Iterator[ContainerClient]:
    """Empty, and gone afterwards."""
    made = service.create_container(f"contract-{uuid4().hex}")
    yield made
    made.delete_container()


@pytest.fixture
async def container_aio(
    connection: str, container: ContainerClient
) -> AsyncIterator[AsyncContainerClient]:
    """The same container through the other client, which cuts more than 1 MiB into blocks."""
    async with AsyncServiceClient.from_connection_string(
        connection, retry_total=0, max_single_put_size=MIB, max_block_size=MIB
    ) as client:
        yield client.get_container_client(container.container_name)


@pytest.fixture
async def anybody() -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody who has nothing but a link."""
    async with aiohttp.ClientSession() as session:
        yield session
