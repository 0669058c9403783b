"""One blob container over Azurite: what is written is read, once; links do what they say."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from azure.storage.blob import UserDelegationKey
from azure.storage.blob.aio import BlobServiceClient

from local.process import Process
from shared.errors import Missing, TooLarge
from shared.files.blobs import BlobExists, Blobs
from shared.platform.clients import blobs

MIB = 1024 * 1024
MINUTES = timedelta(minutes=5)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def container(blob_storage: Process) -> Blobs:
    return Blobs(blobs(), "documents", now)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_what_is_put_is_read_with_its_facts(container: Blobs, tenant: str) -> None:
    path = f"{tenant}/a/1"
    await container.put(path, b"hello", media_type="text/plain", metadata={"sha256": "ab"})
    facts = await container.facts(path)
    assert (facts.size_bytes, facts.media_type) == (5, "text/plain")
    assert facts.metadata == {"sha256": "ab"}
    assert await container.read(path, 5) == b"hello"


async def test_an_empty_blob_is_read_as_nothing(container: Blobs, tenant: str) -> None:
    await container.put(f"{tenant}/empty", b"", media_type="text/plain")
    assert await container.read(f"{tenant}/empty", 10) == b""


async def test_a_stream_of_many_chunks_arrives_whole_and_in_small_pieces(
    container: Blobs, tenant: str
) -> None:
    parts = [bytes([number]) * (3 * MIB) for number in range(5)]
    await container.put(f"{tenant}/big", chunks(*parts), media_type="application/zip")
    read = [chunk async for chunk in container.stream(f"{tenant}/big")]
    assert b"".join(read) == b"".join(parts)
    assert max(map(len, read)) <= 4 * MIB


@pytest.mark.parametrize("size", [3, 9 * MIB])
async def test_content_is_written_once_unless_asked_otherwise(
    container: Blobs, tenant: str, size: int
) -> None:
    path = f"{tenant}/once"
    await container.put(path, chunks(b"x" * size), media_type="text/plain")
    with pytest.raises(BlobExists):
        await container.put(path, chunks(b"y" * size), media_type="text/plain")
    assert (await container.read(path, size))[:1] == b"x"
    await container.put(path, b"z", media_type="text/plain", overwrite=True)
    assert await container.read(path, size) == b"z"


async def test_more_bytes_than_asked_for_are_refused(container: Blobs, tenant: str) -> None:
    await container.put(f"{tenant}/a", b"hello", media_type="text/plain")
    with pytest.raises(TooLarge):
        await container.read(f"{tenant}/a", 4)


async def test_what_is_not_there_is_missing(container: Blobs, tenant: str) -> None:
    with pytest.raises(Missing):
        await container.read(f"{tenant}/none", 10)
    with pytest.raises(Missing):
        await container.facts(f"{tenant}/none")
    with pytest.raises(Missing):
        _ = [chunk async for chunk in container.stream(f"{tenant}/none")]


async def test_deleting_twice_is_deleting_once(container: Blobs, tenant: str) -> None:
    await container.put(f"{tenant}/a", b"hello", media_type="text/plain")
    await container.delete(f"{tenant}/a")
    await container.delete(f"{tenant}/a")
    with pytest.raises(Missing):
        await container.facts(f"{tenant}/a")


async def test_a_blob_that_changed_meanwhile_is_not_deleted(container: Blobs, tenant: str) -> None:
    path = f"{tenant}/a"
    await container.put(path, b"old", media_type="text/plain")
    seen = await container.facts(path)
    await container.put(path, b"new", media_type="text/plain", overwrite=True)
    await container.delete(path, only=seen.etag)
    assert await container.read(path, 10) == b"new"
    await container.delete(path, only=(await container.facts(path)).etag)
    with pytest.raises(Missing):
        await container.facts(path)


async def test_an_upload_link_takes_one_blob_and_nothing_else(
    container: Blobs, tenant: str
) -> None:
    link = await container.upload_link(f"{tenant}/up", MINUTES)
    headers = {"x-ms-blob-type": "BlockBlob", "Content-Type": "text/plain"}
    async with aiohttp.ClientSession() as session:
        async with session.put(link, data=b"hello", headers=headers) as answer:
            assert answer.status == 201
        async with session.get(link) as answer:
            assert answer.status == 403
        elsewhere = link.replace(f"{tenant}/up", f"{tenant}/other")
        async with session.put(elsewhere, data=b"hello", headers=headers) as answer:
            assert answer.status == 403
    assert await container.read(f"{tenant}/up", 5) == b"hello"


async def test_a_download_link_gives_an_attachment_until_it_expires(
    container: Blobs, tenant: str
) -> None:
    path = f"{tenant}/down"
    await container.put(path, b"hello", media_type="text/plain")
    link = await container.download_link(path, MINUTES, 'Übergabe "1"/2.txt')
    expired = await container.download_link(path, timedelta(seconds=-1), "a.txt")
    async with aiohttp.ClientSession() as session:
        async with session.get(link) as answer:
            assert (answer.status, await answer.read()) == (200, b"hello")
            disposition = answer.headers["Content-Disposition"]
            assert disposition == "attachment; filename*=UTF-8''%C3%9Cbergabe%20%221%22%2F2.txt"
        async with session.put(link, data=b"x", headers={"x-ms-blob-type": "BlockBlob"}) as answer:
            assert answer.status == 403
        async with session.get(expired) as answer:
            assert answer.status == 403


class Delegating(BlobServiceClient):
    """An account that is reached by identity: it hands out keys, and counts them."""

    handed_out = 0

    async def get_user_delegation_key(self, *period: datetime, **_: object) -> UserDelegationKey:
        self.handed_out += 1
        key = UserDelegationKey()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
        key.signed_oid, key.signed_tid = "app", "company"
        key.signed_start, key.signed_expiry = (moment.isoformat() for moment in period)
        key.signed_service, key.signed_version = "b", "2025-01-05"
        key.value = "a2V5"
        return key


async def test_in_azure_links_are_signed_by_delegation_with_one_key_for_an_hour() -> None:
    at = [now()]
    async with Delegating("https://collab.blob.core.windows.net") as service:
        container = Blobs(service, "documents", lambda: at[0])
        links = [await container.upload_link("t/a", MINUTES) for _ in range(3)]
        assert service.handed_out == 1
        assert all("skoid=app" in link and "spr=https" in link for link in links)
        at[0] += timedelta(minutes=59)
        await container.download_link("t/a", MINUTES, "a.txt")
        assert service.handed_out == 1
        at[0] += timedelta(minutes=2)
        await container.download_link("t/a", MINUTES, "a.txt")
        assert service.handed_out == 2
