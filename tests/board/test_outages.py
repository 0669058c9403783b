"""A part that is down, hangs or talks nonsense takes its own panel along, and no other."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from local.board.surroundings import Surroundings
from tests.board.asking import Board, board_of, served
from tests.board.written import request

KEY = "c2VjcmV0LW9mLXRoZS10ZXN0cw=="
DEPENDENT = {
    "/api/functions": "host",
    "/api/entities": "servicebus_admin",
    "/api/messages-in?entity=poison": "servicebus_admin",
    "/api/containers": "cosmos",
    "/api/blobs": "azurite",
    "/api/blobs/documents": "azurite",
    "/api/blobs/documents/content?name=x": "azurite",
    "/api/sent": "communication",
}
INDEPENDENT = ("/api/overview", "/api/log", "/api/timelines", "/api/timelines/c-1", "/api/search")


@asynccontextmanager
async def around(url: str, logs: Path) -> AsyncGenerator[Board]:
    """A board all of whose parts are at one address."""
    parts = ("host", "cosmos", "servicebus", "servicebus_admin", "azurite", "communication")
    settings = {
        "COSMOS": f"AccountEndpoint={url}/;AccountKey={KEY};",
        "COSMOS_DATABASE": "collab",
        "BLOB": f"DefaultEndpointsProtocol=http;AccountName=x;AccountKey={KEY};"
        f"BlobEndpoint={url}/x;",
    }
    (logs / "host.log").write_bytes(b"\n".join(request(0, "trips_plan", "i-1", "c-1")) + b"\n")
    surroundings = Surroundings(dict.fromkeys(parts, url), settings, "master-key", logs)
    async with board_of(surroundings) as board:
        yield board


@asynccontextmanager
async def hanging() -> AsyncGenerator[str]:
    """Takes connections, and never says a word."""
    held: list[asyncio.StreamWriter] = []

    async def hold(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        for writer in held:
            writer.close()
        server.close()


async def must_go_on(board: Board) -> None:
    began = time.monotonic()
    answers = dict(
        zip(
            (*DEPENDENT, *INDEPENDENT),
            await asyncio.gather(*(board.ask("GET", path) for path in (*DEPENDENT, *INDEPENDENT))),
            strict=True,
        )
    )
    assert time.monotonic() - began < 8  # all at once, on a busy machine
    for path, part in DEPENDENT.items():
        assert answers[path].status == 503, path
        assert answers[path].json["down"] == part
        assert answers[path].json["error"].endswith(".")
        assert answers[path].json["remedy"]
    for path in INDEPENDENT:
        assert answers[path].status == 200, path
    counts = answers["/api/overview"].json["counts"]
    unknown = ("functions", "dead_letters", "waiting", "messages", "blobs")
    assert [counts[name] for name in unknown] == [None] * 5
    whole = answers["/api/timelines/c-1"].json
    assert [entry["kind"] for entry in whole["entries"]] == ["request"]
    assert whole["missing"] == ["cosmos", "servicebus"]
    assert [each["correlation_id"] for each in answers["/api/timelines"].json["items"]] == ["c-1"]


async def test_nothing_runs(tmp_path: Path) -> None:
    async with served(web.Application()) as url:
        pass  # nobody listens there any more
    async with around(url, tmp_path) as board:
        await must_go_on(board)
        states = [part["state"] for part in (await board.get("/api/overview"))["parts"]]
        assert states == ["down"] * 5 + ["running"]


async def test_everything_hangs(tmp_path: Path) -> None:
    async with hanging() as url, around(url, tmp_path) as board:
        await must_go_on(board)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"null"),
        (200, b"[]"),
        (200, b"[7, null, {}]"),
        (200, b"{}"),
        (200, b"<html>hello</html>"),
        (200, b'{"items": 7, "entities": 7, "messages": 7}'),
        (200, b'{"items": [7], "entities": [7, {}], "messages": [7], "next": "x"}'),
        (200, b"\xff\xfe"),
        (302, b""),
        (404, b"{}"),
        (500, b"<html>"),
    ],
)
async def test_nonsense_is_no_mistake_of_ours(tmp_path: Path, status: int, body: bytes) -> None:
    async def nonsense(_request: web.Request) -> web.Response:
        headers = {"Location": "http://127.0.0.1:9/"} if status == 302 else {}
        return web.Response(status=status, body=body, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", nonsense)
    async with served(app) as url, around(url, tmp_path) as board:
        query = b'{"container": "trips", "query": "SELECT * FROM c"}'
        same = {"Content_Type": "application/json", "Origin": board.url}
        asking = {path: board.ask("GET", path) for path in (*DEPENDENT, *INDEPENDENT)}
        asking["/api/query"] = board.ask("POST", "/api/query", query, **same)
        answers = await asyncio.gather(*asking.values())
        for path, answer in zip(asking, answers, strict=True):
            assert answer.status != 500, (path, answer.body)


async def test_settings_that_are_no_connection_strings(tmp_path: Path) -> None:
    settings = {"COSMOS": "nonsense", "BLOB": "nonsense"}
    async with board_of(Surroundings({}, settings, "", tmp_path)) as board:
        assert (await board.get("/api/containers", 503))["down"] == "cosmos"
        assert (await board.get("/api/blobs", 503))["down"] == "azurite"
        asked = {"container": "trips", "query": "SELECT * FROM c"}
        assert (await board.post("/api/query", asked, 503))["down"] == "cosmos"


async def test_a_folder_of_logs_that_does_not_exist(tmp_path: Path) -> None:
    async with board_of(Surroundings({}, {}, "", tmp_path / "none")) as board:
        assert await board.get("/api/log") == {"items": [], "before": None}
        assert await board.get("/api/timelines") == {"items": []}


async def test_a_blob_that_breaks_off_does_not_look_whole(tmp_path: Path) -> None:
    size, first = 3_000_000, b"x" * 1024 * 1024
    about = {"ETag": '"1"', "Last-Modified": "Fri, 20 Nov 2026 14:00:00 GMT"}

    async def blob(request: web.Request) -> web.StreamResponse:
        if request.method == "HEAD":
            return web.Response(headers={**about, "Content-Length": str(size)})
        if not request.headers.get("x-ms-range", "").startswith("bytes=0-"):
            return web.Response(status=500)
        response = web.StreamResponse(status=206, headers=about)
        response.headers["Content-Range"] = f"bytes 0-{len(first) - 1}/{size}"
        response.content_length = len(first)
        await response.prepare(request)
        await response.write(first)
        return response

    app = web.Application()
    app.router.add_route("*", "/x/uploads/half", blob)
    async with served(app) as url, around(url, tmp_path) as board:
        with pytest.raises(aiohttp.ClientError):
            await board.ask("GET", "/api/blobs/uploads/content?name=half")


async def test_a_large_answer_is_read_to_its_end(tmp_path: Path) -> None:
    message = {"sequence_number": 1, "body": "x" * 60_000}

    async def messages(_request: web.Request) -> web.Response:
        body = json.dumps({"messages": [message] * 200, "next": 7}).encode()
        return web.Response(body=BytesIO(body), content_type="application/json")

    app = web.Application()
    app.router.add_get("/_local/messages", messages)
    async with served(app) as url, around(url, tmp_path) as board:
        found = await board.get("/api/messages-in?entity=poison&limit=200")
    assert (len(found["messages"]), found["next"]) == (200, 7)
