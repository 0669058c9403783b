"""Blobs with the unchanged SDK against Azurite: listed in pages, shown in parts, never run."""

from collections.abc import AsyncGenerator
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from azure.storage.blob import ContentSettings
from azure.storage.blob.aio import BlobServiceClient, ContainerClient

from tests.board.asking import Board
from tests.board.conftest import Lived

SMALL = 512 * 1024
HOSTILE = 'a "quoted" <b>näme</b>/ü & more.html'


@pytest.fixture(scope="module")
async def uploads(lived: Lived) -> AsyncGenerator[ContainerClient]:
    connection = lived.surroundings.settings["BLOB"]
    small: dict[str, Any] = {"max_single_put_size": SMALL, "max_block_size": SMALL}
    async with BlobServiceClient.from_connection_string(connection, **small) as client:
        container = client.get_container_client("uploads")
        for number in range(5):
            await container.upload_blob(f"list/{number}", BytesIO(b"x" * number))
        yield container


async def stored(uploads: ContainerClient, name: str, content: bytes, kind: str) -> str:
    settings = ContentSettings(content_type=kind)
    stream, size = BytesIO(content), len(content)
    await uploads.upload_blob(name, stream, length=size, content_settings=settings, overwrite=True)
    return f"/api/blobs/uploads/content?name={quote(name, safe='')}"


async def test_containers_say_how_much_they_hold(board: Board, uploads: ContainerClient) -> None:
    items = {each["name"]: each for each in (await board.get("/api/blobs"))["items"]}
    assert set(items) >= {"documents", "envelopes", "uploads"}
    assert items["documents"]["bytes"] > 1000
    assert items["uploads"]["blobs"] >= 5


async def test_lists_come_in_pages(board: Board, uploads: ContainerClient) -> None:
    names: list[str] = []
    cursor = ""
    while True:
        page = await board.get(f"/api/blobs/uploads?prefix=list/&limit=2&cursor={quote(cursor)}")
        names += [each["name"] for each in page["items"]]
        if not (cursor := page["cursor"] or ""):
            break
    assert names == [f"list/{number}" for number in range(5)]
    [item] = (await board.get("/api/blobs/uploads?prefix=list/4"))["items"]
    assert (item["bytes"], item["modified_at"][-1]) == (4, "Z")


async def test_a_document_is_shown_with_its_metadata(board: Board) -> None:
    [item] = (await board.get("/api/blobs/documents"))["items"]
    assert item["content_type"] == "application/pdf"
    assert len(item["metadata"]["sha256"]) == 64


async def test_binary_bytes_come_as_they_are(board: Board, uploads: ContainerClient) -> None:
    content = bytes(range(256)) * 20_000  # several chunks
    path = await stored(uploads, "binary", content, "application/octet-stream")
    whole = await board.ask("GET", path)
    assert whole.body == content
    assert whole.headers["Content-Disposition"].startswith("attachment")
    part = await board.ask("GET", path, Range="bytes=1000000-3000000")
    assert (part.status, part.body) == (206, content[1_000_000:3_000_001])
    assert part.headers["Content-Range"] == f"bytes 1000000-3000000/{len(content)}"
    head = await board.ask("HEAD", path)
    assert (head.body, head.headers["Content-Length"]) == (b"", str(len(content)))
    beyond = await board.ask("GET", path, Range=f"bytes={len(content)}-")
    assert beyond.status == 416


async def test_a_page_that_somebody_stored_is_mere_text(
    board: Board, uploads: ContainerClient
) -> None:
    script = b"<script>parent.alert(document.cookie)</script>"
    answer = await board.ask("GET", await stored(uploads, HOSTILE, script, "text/html"))
    assert answer.body == script
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    [item] = (await board.get(f"/api/blobs/uploads?prefix={quote(HOSTILE)}"))["items"]
    assert item["name"] == HOSTILE


async def test_an_empty_blob(board: Board, uploads: ContainerClient) -> None:
    answer = await board.ask("GET", await stored(uploads, "empty", b"", "text/plain"))
    assert (answer.status, answer.body) == (200, b"")


async def test_a_pdf_as_pictures(board: Board) -> None:
    [item] = (await board.get("/api/blobs/documents"))["items"]
    name = quote(item["name"], safe="")
    assert await board.get(f"/api/blobs/documents/pages?name={name}") == {"pages": 1}
    answer = await board.ask("GET", f"/api/blobs/documents/page?name={name}&number=1")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.body.startswith(b"\x89PNG")
    assert await board.get(f"/api/blobs/documents/page?name={name}&number=2", status=404)


async def test_what_is_no_pdf_has_no_pages(board: Board, uploads: ContainerClient) -> None:
    await stored(uploads, "liar.pdf", b"%PDF-1.7 not at all", "application/pdf")
    for path in ("pages?name=liar.pdf", "page?name=liar.pdf"):
        assert (await board.get(f"/api/blobs/uploads/{path}", status=422))["error"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/blobs/nowhere", 404),
        ("/api/blobs/UPPER_case!", 404),
        ("/api/blobs/uploads%2Flist", 404),
        ("/api/blobs/..%2Fother/content?name=x", 404),
        ("/api/blobs/uploads%3Fcomp=acl", 404),
        ("/api/blobs/uploads/content?name=nothing", 404),
        ("/api/blobs/uploads/content", 400),
        ("/api/blobs/uploads/pages?name=nothing", 404),
        ("/api/blobs/uploads?limit=x", 400),
    ],
)
async def test_what_is_not_there(board: Board, path: str, status: int) -> None:
    answer = await board.ask("GET", path)
    assert answer.status == status
    assert answer.json["error"]
