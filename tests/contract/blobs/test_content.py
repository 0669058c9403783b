"""Content and its properties: written once, read whole or in part, found by name."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.storage.blob import ContainerClient, ContentSettings
from azure.storage.blob.aio import ContainerClient as AsyncContainerClient

MIB = 1024 * 1024


def code(error: HttpResponseError) -> tuple[int | None, str]:
    """The service's own name for it stands in a header."""
    response: Any = error.response
    return error.status_code, response.headers["x-ms-error-code"]


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def test_what_is_written_is_read_with_its_properties(container: ContainerClient) -> None:
    blob = container.get_blob_client("t-1/ä b+c%.pdf")
    settings = ContentSettings(content_type="application/pdf")
    blob.upload_blob(b"%PDF-", metadata={"sha256": "ab", "Kind": "x"}, content_settings=settings)
    found = blob.get_blob_properties()
    assert (found.size, found.content_settings.content_type) == (5, "application/pdf")
    assert found.metadata == {"sha256": "ab", "Kind": "x"}
    assert str(found.etag).strip('"')
    assert found.last_modified.tzinfo is not None
    assert blob.download_blob().readall() == b"%PDF-"


async def test_the_other_client_reads_what_the_first_wrote(
    container: ContainerClient, container_aio: AsyncContainerClient
) -> None:
    container.upload_blob("a", b"one")
    download = await container_aio.download_blob("a")
    assert await download.readall() == b"one"
    await container_aio.upload_blob("b", pieces(b"t", b"wo"))
    assert container.download_blob("b").readall() == b"two"


@pytest.mark.parametrize("size", [1, 9 * MIB])
async def test_streams_of_any_size_are_written_and_read_in_pieces(
    container_aio: AsyncContainerClient, size: int
) -> None:
    content = bytes(size)
    parts = [content[at : at + MIB] for at in range(0, size, MIB)]
    blob = container_aio.get_blob_client("streamed")
    await blob.upload_blob(pieces(*parts), max_concurrency=2)
    download = await blob.download_blob()
    read = [chunk async for chunk in download.chunks()]
    assert b"".join(read) == content
    assert (await blob.get_blob_properties()).size == size


async def test_nothing_is_content_too(container_aio: AsyncContainerClient) -> None:
    """As bytes: the SDK's asynchronous client fails on a stream that gives nothing."""
    blob = container_aio.get_blob_client("empty")
    await blob.upload_blob(b"")
    assert await (await blob.download_blob()).readall() == b""
    assert (await blob.get_blob_properties()).size == 0


def test_a_range_is_read_alone(container: ContainerClient) -> None:
    container.upload_blob("a", b"0123456789")
    blob = container.get_blob_client("a")
    assert blob.download_blob(offset=2, length=3).readall() == b"234"
    assert blob.download_blob(offset=8).readall() == b"89"
    assert blob.download_blob(offset=8, length=100).readall() == b"89"


async def test_content_is_written_once(container_aio: AsyncContainerClient) -> None:
    blob = container_aio.get_blob_client("once")
    first = await blob.upload_blob(b"first")
    with pytest.raises(ResourceExistsError) as refused:
        await blob.upload_blob(b"second", overwrite=False)
    assert code(refused.value) == (409, "BlobAlreadyExists")
    with pytest.raises(ResourceExistsError):
        await blob.upload_blob(pieces(b"x" * 3 * MIB), overwrite=False)
    second = await blob.upload_blob(b"second", overwrite=True)
    assert first["etag"] != second["etag"]
    assert await (await blob.download_blob()).readall() == b"second"


async def test_of_many_who_write_at_once_one_wins(container_aio: AsyncContainerClient) -> None:
    async def write(number: int) -> bool:
        try:
            await container_aio.upload_blob("race", str(number).encode(), overwrite=False)
        except ResourceExistsError:
            return False
        return True

    won = await asyncio.gather(*map(write, range(8)))
    assert won.count(True) == 1
    content = await (await container_aio.download_blob("race")).readall()
    assert content == str(won.index(True)).encode()


def test_of_many_threads_who_write_at_once_one_wins(container: ContainerClient) -> None:
    def write(number: int) -> bool:
        try:
            container.upload_blob("race", str(number).encode(), overwrite=False)
        except ResourceExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(write, range(8))).count(True) == 1


def test_a_new_etag_for_every_change(container: ContainerClient) -> None:
    blob = container.get_blob_client("a")
    etags = [blob.upload_blob(b"1")["etag"], blob.upload_blob(b"1", overwrite=True)["etag"]]
    etags.append(blob.set_blob_metadata({"seen": "yes"})["etag"])
    assert len(set(etags)) == 3
    assert blob.get_blob_properties().etag == etags[-1]


async def test_a_blob_that_is_another_by_now_is_not_deleted(
    container_aio: AsyncContainerClient,
) -> None:
    blob = container_aio.get_blob_client("a")
    old = (await blob.upload_blob(b"1"))["etag"]
    new = (await blob.upload_blob(b"2", overwrite=True))["etag"]
    with pytest.raises(ResourceModifiedError) as refused:
        await blob.delete_blob(etag=old, match_condition=MatchConditions.IfNotModified)
    assert code(refused.value) == (412, "ConditionNotMet")
    await blob.delete_blob(etag=new, match_condition=MatchConditions.IfNotModified)
    assert not await blob.exists()


def test_a_read_may_ask_for_one_version_only(container: ContainerClient) -> None:
    blob = container.get_blob_client("a")
    old = blob.upload_blob(b"1")["etag"]
    blob.upload_blob(b"2", overwrite=True)
    with pytest.raises(ResourceModifiedError):
        blob.download_blob(etag=old, match_condition=MatchConditions.IfNotModified)


async def test_what_is_not_there_is_said_to_be_missing(
    container_aio: AsyncContainerClient,
) -> None:
    blob = container_aio.get_blob_client("none")
    with pytest.raises(ResourceNotFoundError) as refused:
        await blob.download_blob()
    assert refused.value.status_code == 404
    with pytest.raises(ResourceNotFoundError):
        await blob.get_blob_properties()
    with pytest.raises(ResourceNotFoundError):
        await blob.delete_blob()
    assert not await blob.exists()


def test_a_container_is_made_once(container: ContainerClient) -> None:
    with pytest.raises(ResourceExistsError) as refused:
        container.create_container()
    assert refused.value.status_code == 409


def test_blobs_are_listed_by_prefix_page_by_page_in_order(container: ContainerClient) -> None:
    names = [f"t-1/{number}" for number in range(7)] + ["t-10/x", "t-2/x"]
    for name in reversed(names):
        container.upload_blob(name, b"", metadata={"n": "1"})
    assert [each.name for each in container.list_blobs()] == sorted(names)
    pages = container.list_blobs(name_starts_with="t-1/", results_per_page=3).by_page()
    assert [[each.name for each in page] for page in pages] == [names[:3], names[3:6], names[6:7]]
    found = next(iter(container.list_blobs(name_starts_with="t-2/", include=["metadata"])))
    assert (found.size, found.metadata) == (0, {"n": "1"})


async def test_a_listing_goes_on_from_its_token(
    container: ContainerClient, container_aio: AsyncContainerClient
) -> None:
    for number in range(4):
        container.upload_blob(f"{number}", b"")
    pages: Any = container_aio.list_blobs(results_per_page=2).by_page()
    first = [each.name async for each in await anext(pages)]
    token = pages.continuation_token
    rest = container_aio.list_blobs(results_per_page=2).by_page(token)
    assert first == ["0", "1"]
    assert [each.name async for each in await anext(rest)] == ["2", "3"]
