"""The proxy before a real Azurite: unseen by the unchanged SDK, except where a plan says so."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import psutil
import pytest
from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.storage.blob import BlobSasPermissions, generate_blob_sas
from azure.storage.blob.aio import BlobServiceClient, ContainerClient

from local.blobproxy.server import application
from local.faults.plan import NONE, Faults
from local.process import Process, python_part, start
from tests.faults.serving import once, serving
from tests.support.azurite import ACCOUNT, ACCOUNT_KEY, blob_connection, running_azurite

MIB = 1024 * 1024
# aiohttp warns of bodies of more than 1 MiB in one piece.
SMALL: dict[str, Any] = {"max_single_put_size": MIB, "max_block_size": MIB}


@pytest.fixture(scope="module")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_azurite(tmp_path_factory.mktemp("azurite")) as process:
        yield process.ready["url"]


@asynccontextmanager
async def container_at(url: str) -> AsyncIterator[ContainerClient]:
    """A fresh one, reached at `url`."""
    async with client_at(url) as service:
        container = service.get_container_client(f"c{uuid4().hex}")
        await container.create_container()
        yield container


def client_at(url: str) -> BlobServiceClient:
    connection = blob_connection(url)
    return BlobServiceClient.from_connection_string(connection, retry_total=0, **SMALL)


@asynccontextmanager
async def proxied(azurite: str, plan: Faults) -> AsyncIterator[ContainerClient]:
    """Made behind the proxy, so that a plan begins with what the test does."""
    async with (
        container_at(azurite) as direct,
        serving(application(azurite, plan)) as url,
        client_at(url) as service,
    ):
        yield service.get_container_client(direct.container_name)


async def test_all_that_a_client_does_passes_unchanged(azurite: str) -> None:
    content = os.urandom(3 * MIB)
    async with proxied(azurite, NONE) as container:
        blob = container.get_blob_client("a folder/näme ü+%20&?.bin")
        await blob.upload_blob(content, metadata={"sha256": sha256(content).hexdigest()})
        with pytest.raises(ResourceExistsError):
            await blob.upload_blob(b"other")
        properties = await blob.get_blob_properties()
        assert properties.size == len(content)
        assert properties.metadata["sha256"] == sha256(content).hexdigest()
        assert await (await blob.download_blob()).readall() == content
        part = await blob.download_blob(offset=MIB, length=1000)
        assert await part.readall() == content[MIB : MIB + 1000]
        assert [each.name async for each in container.list_blobs()] == [blob.blob_name]
        await blob.delete_blob()
        with pytest.raises(ResourceNotFoundError):
            await blob.get_blob_properties()


async def test_a_body_in_chunks_of_unknown_length(azurite: str) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(5):
            yield bytes([number]) * 70_000

    async with proxied(azurite, NONE) as container:
        blob = container.get_blob_client("streamed")
        await blob.upload_blob(pieces())
        assert (await blob.get_blob_properties()).size == 350_000
        await blob.upload_blob(b"", overwrite=True)
        assert await (await blob.download_blob()).readall() == b""


def told(failed: HttpResponseError) -> tuple[int | None, str]:
    headers: Any = getattr(failed.response, "headers", {})
    return failed.status_code, headers["x-ms-error-code"]


async def test_unavailable_is_the_services_own_503(azurite: str) -> None:
    async with proxied(azurite, once("blob", "unavailable", operation="write")) as container:
        blob = container.get_blob_client("b")
        with pytest.raises(HttpResponseError) as failed:
            await blob.upload_blob(b"content")
        assert told(failed.value) == (503, "ServerBusy")
        assert not await blob.exists()
        await blob.upload_blob(b"content")


async def test_a_head_that_is_refused_has_no_body(azurite: str) -> None:
    async with proxied(azurite, once("blob", "unavailable", operation="head")) as container:
        with pytest.raises(HttpResponseError) as failed:
            await container.get_blob_client("b").get_blob_properties()
        assert told(failed.value) == (503, "ServerBusy")
        with pytest.raises(ResourceNotFoundError):
            await container.get_blob_client("b").get_blob_properties()


@pytest.mark.parametrize("size", [1000, 3 * MIB])
async def test_a_truncated_body_keeps_its_length_and_ends_early(azurite: str, size: int) -> None:
    async with proxied(azurite, once("blob", "truncated")) as container:
        blob = container.get_blob_client("b")
        await blob.upload_blob(os.urandom(size))
        link = f"{container.url}/b"
        await container.set_container_access_policy({}, public_access="blob")
        got: list[bytes] = []

        async def drain(answer: aiohttp.ClientResponse) -> None:
            async for piece in answer.content.iter_any():
                got.append(piece)  # noqa: PERF401  # what came before the break counts

        async with aiohttp.ClientSession() as http, http.get(link) as answer:
            assert answer.headers["Content-Length"] == str(size)
            with pytest.raises(aiohttp.ClientPayloadError):
                await drain(answer)
        assert 0 < sum(map(len, got)) < size
        async with aiohttp.ClientSession() as http, http.get(link) as answer:
            assert len(await answer.read()) == size


async def test_a_lost_reply_has_written_all_the_same(azurite: str) -> None:
    async with proxied(azurite, once("blob", "reply-lost", operation="write")) as container:
        blob = container.get_blob_client("b")
        with pytest.raises(AzureError):
            await blob.upload_blob(b"content")
        with pytest.raises(ResourceExistsError):
            await blob.upload_blob(b"content")
        assert await (await blob.download_blob()).readall() == b"content"


async def test_slow_is_late_and_right(azurite: str) -> None:
    async with proxied(azurite, once("blob", "slow", delay_s=0.05)) as container:
        await container.get_blob_client("b").upload_blob(b"content")


async def test_a_rule_names_containers(azurite: str) -> None:
    async with proxied(azurite, once("blob", "unavailable", target="papers*")) as container:
        await container.get_blob_client("b").upload_blob(b"content")


async def test_a_service_that_is_gone_is_gone_behind_the_proxy_too() -> None:
    async with (
        serving(application("http://127.0.0.1:9", NONE)) as url,
        aiohttp.ClientSession() as http,
    ):
        with pytest.raises(aiohttp.ClientError):
            await http.get(f"{url}/{ACCOUNT}/c/b")


@pytest.fixture
def proxy(azurite: str, tmp_path: Path) -> Iterator[Process]:
    command = python_part("local.blobproxy", "--port", "0", "--upstream", azurite)
    process = start("blobproxy", command, log=tmp_path / "log")
    yield process
    process.stop()


async def test_100_megabytes_pass_in_little_memory(proxy: Process) -> None:
    """In one request each way, by a link as a browser has it."""
    memory = psutil.Process(proxy.popen.pid).memory_info
    piece, sent, got = os.urandom(MIB), sha256(), sha256()

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            sent.update(piece)
            yield piece

    headers = {"x-ms-blob-type": "BlockBlob", "Content-Length": str(100 * MIB)}
    async with container_at(proxy.ready["url"]) as container, aiohttp.ClientSession() as http:
        link = signed(container, "large")
        before = memory().rss
        async with http.put(link, data=pieces(), headers=headers) as answer:
            assert answer.status == 201
        async with http.get(link) as answer:
            assert answer.headers["Content-Length"] == str(100 * MIB)
            async for chunk in answer.content.iter_any():
                got.update(chunk)
        assert got.digest() == sent.digest()
        assert memory().rss - before < 40 * MIB


def signed(container: ContainerClient, name: str) -> str:
    sas = generate_blob_sas(
        account_name=ACCOUNT,
        container_name=container.container_name,
        blob_name=name,
        account_key=ACCOUNT_KEY,
        permission=BlobSasPermissions(read=True, create=True, write=True),
        expiry=datetime.now(UTC) + timedelta(minutes=5),
    )
    return f"{container.url}/{name}?{sas}"
