"""Links that need no login: they do what they were made for, and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from azure.storage.blob import BlobSasPermissions, ContainerClient, generate_blob_sas
from azure.storage.blob.aio import BlobClient
from yarl import URL

Link = Callable[..., str]
READ = BlobSasPermissions(read=True)
CREATE = BlobSasPermissions(create=True, write=True)
BLOCK = {"x-ms-blob-type": "BlockBlob"}
MINUTES = timedelta(minutes=5)


@pytest.fixture
def link(container: ContainerClient) -> Link:
    def made(
        name: str, permission: BlobSasPermissions, lives: timedelta = MINUTES, **more: Any
    ) -> str:
        blob = container.get_blob_client(name)
        now = datetime.now(UTC).replace(microsecond=0)
        sas = generate_blob_sas(
            account_name=str(blob.account_name),
            container_name=blob.container_name,
            blob_name=name,
            account_key=container.credential.account_key,
            permission=permission,
            start=now - 2 * MINUTES,
            expiry=now + lives,
            **more,
        )
        return f"{blob.url}?{sas}"

    return made


async def status(session: aiohttp.ClientSession, method: str, url: str, **more: Any) -> int:
    async with session.request(method, URL(url, encoded=True), **more) as answer:
        return answer.status


async def test_a_link_uploads_once_what_its_owner_then_reads(
    container: ContainerClient, link: Link, anybody: aiohttp.ClientSession
) -> None:
    headers = {**BLOCK, "Content-Type": "application/pdf", "x-ms-meta-sha256": "ab"}
    url = link("t-1/a", CREATE)
    assert await status(anybody, "PUT", url, data=b"%PDF-", headers=headers) == 201
    found = container.get_blob_client("t-1/a").get_blob_properties()
    assert (found.size, found.content_settings.content_type) == (5, "application/pdf")
    assert found.metadata == {"sha256": "ab"}
    once = {**headers, "If-None-Match": "*"}
    assert await status(anybody, "PUT", url, data=b"other", headers=once) == 409
    assert container.download_blob("t-1/a").readall() == b"%PDF-"


async def test_a_link_uploads_in_blocks_as_the_sdk_does(
    container: ContainerClient, link: Link
) -> None:
    async with BlobClient.from_blob_url(
        link("big", CREATE), max_single_put_size=1024, max_block_size=1024
    ) as blob:
        await blob.upload_blob(b"x" * 5000)
    assert container.download_blob("big").readall() == b"x" * 5000


async def test_a_link_downloads_as_the_attachment_that_it_names(
    container: ContainerClient, link: Link, anybody: aiohttp.ClientSession
) -> None:
    container.upload_blob("a", b"0123456789")
    disposition = "attachment; filename*=UTF-8''f%C3%BCr%20alle.pdf"
    url = URL(link("a", READ, content_disposition=disposition), encoded=True)
    async with anybody.get(url) as answer:
        assert (answer.status, await answer.read()) == (200, b"0123456789")
        assert answer.headers["Content-Disposition"] == disposition
    async with anybody.get(url, headers={"Range": "bytes=2-4"}) as part:
        assert (part.status, await part.read()) == (206, b"234")
        assert part.headers["Content-Range"] == "bytes 2-4/10"
    async with anybody.get(url, headers={"If-None-Match": answer.headers["ETag"]}) as same:
        assert same.status == 304


@pytest.mark.parametrize(
    ("method", "permission"),
    [("GET", CREATE), ("PUT", READ), ("DELETE", READ), ("DELETE", CREATE)],
)
async def test_a_link_allows_nothing_else(
    container: ContainerClient,
    link: Link,
    anybody: aiohttp.ClientSession,
    method: str,
    permission: BlobSasPermissions,
) -> None:
    container.upload_blob("a", b"mine")
    url = link("a", permission)
    assert await status(anybody, method, url, data=b"", headers=BLOCK) == 403
    assert container.download_blob("a").readall() == b"mine"


async def test_a_link_is_for_its_time_its_blob_and_its_own_words(
    container: ContainerClient, link: Link, anybody: aiohttp.ClientSession
) -> None:
    for name in ("a", "b"):
        container.upload_blob(name, b"mine")
    good = link("a", READ)
    assert await status(anybody, "GET", good) == 200
    for wrong in (
        link("a", READ, lives=-MINUTES),
        good.replace("/a?", "/b?"),
        good.replace("sp=r", "sp=rwd"),
        good.replace("&sig=", "&sig=A"),
        good.partition("?")[0],
    ):
        assert await status(anybody, "GET", wrong) in {403, 404, 409}, wrong
    assert await status(anybody, "GET", link("none", READ)) == 404
