"""Blob Storage that is busy, breaks off or loses its answer: content comes whole or not at all."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from azure.storage.blob.aio import BlobServiceClient

from local.blobproxy.server import application
from local.faults.plan import Faults
from local.faults.rules import parsed
from local.process import Process
from shared.files.blobs import BlobExists, Blobs
from shared.platform import clock
from shared.platform.clients import BLOB
from tests.faults.serving import serving
from tests.support.azurite import blob_connection

MIB = 1024 * 1024
SIZES = [1000, 9 * MIB]  # in one piece; in several
CONTAINER = "documents"
Behind = Callable[..., AbstractAsyncContextManager[Blobs]]


@pytest.fixture
def behind(blob_storage: Process) -> Behind:
    """The app's own client, with a storage account that fails as told."""

    @asynccontextmanager
    async def run(fault: str, **rule: Any) -> AsyncIterator[Blobs]:
        rules = [{"part": "blob", "fault": fault, "count": 1, **rule}]
        app = application(blob_storage.ready["url"], Faults(parsed({"rules": rules}), "blob"))
        async with (
            serving(app) as url,
            BlobServiceClient.from_connection_string(blob_connection(url), **BLOB) as service,
        ):
            yield Blobs(service, CONTAINER, clock.now)

    return run


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("fault", ["truncated", "unavailable", "reply-lost"])
async def test_what_is_read_is_all_of_it(behind: Behind, fault: str, size: int) -> None:
    content, path = os.urandom(size), f"t/{uuid4()}"
    async with behind(fault, operation="read") as blobs:
        await blobs.put(path, content, media_type="application/pdf")
        assert await blobs.read(path, 10 * MIB) == content


async def test_a_later_piece_that_breaks_off_is_read_again(behind: Behind) -> None:
    content, path = os.urandom(9 * MIB), f"t/{uuid4()}"
    async with behind("truncated", operation="read", after=1) as blobs:
        await blobs.put(path, content, media_type="application/pdf")
        assert await blobs.read(path, 10 * MIB) == content


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("fault", ["unavailable", "reply-lost"])
async def test_what_is_written_is_there_and_a_lost_answer_is_no_success(
    behind: Behind, fault: str, size: int
) -> None:
    """Whose content it is that exists, is for the caller to see: it is written once."""
    content, path = os.urandom(size), f"t/{uuid4()}"
    async with behind(fault, operation="write") as blobs:
        try:
            await blobs.put(path, content, media_type="application/pdf")
        except BlobExists:
            assert fault == "reply-lost"
        assert await blobs.read(path, 10 * MIB) == content
        with pytest.raises(BlobExists):
            await blobs.put(path, b"other", media_type="application/pdf")
