"""What passes the gateway arrives as it was sent, and comes back as it was answered."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256

import aiohttp
import pytest
from aiohttp import web

from tests.gateway.backend import Backend
from tests.gateway.conftest import ORIGIN, Started

TOKEN = {"Authorization": "Bearer not-checked-here"}
MIB = 1024 * 1024


async def test_requests_arrive_with_path_query_and_headers(
    gateway: str, backend: Backend, client: aiohttp.ClientSession
) -> None:
    path = "/api/v1/trips?cursor=a%2Bb%20c&limit=1&code=secret&Code=other&x=&%63ode=third"
    async with client.get(gateway + path, headers={**TOKEN, "X-Correlation-Id": "mine"}) as answer:
        assert answer.status == 200
        assert await answer.json() == {"fine": True}
    asked = backend.asked[0]
    assert asked.target == "/api/v1/trips?cursor=a%2Bb%20c&limit=1&x="
    assert asked.headers["X-Correlation-Id"] == "mine"
    assert asked.headers["Authorization"] == TOKEN["Authorization"]
    assert asked.headers["Host"] == backend.url.removeprefix("http://")
    assert asked.headers.getall("X-Forwarded-For") == ["127.0.0.1, 127.0.0.1"]


async def test_a_request_without_an_id_gets_one_that_nobody_else_has(
    gateway: str, backend: Backend, client: aiohttp.ClientSession
) -> None:
    for _ in range(2):
        async with client.get(f"{gateway}/api/health") as answer:
            assert answer.status == 200
    first, second = (each.headers["X-Correlation-Id"] for each in backend.asked)
    assert len(first) == 36
    assert first != second


async def test_nobodys_host_key_and_no_neighbours_header_reaches_the_app(
    gateway: str, backend: Backend, client: aiohttp.ClientSession
) -> None:
    headers = {
        "x-functions-key": "stolen",
        "Connection": "X-Internal",
        "X-Internal": "1",
        "TE": "trailers",
        "X-Forwarded-For": "198.51.100.1",
        "Accept-Encoding": "br",
    }
    async with client.get(f"{gateway}/api/health", headers=headers) as answer:
        assert answer.status == 200
    seen = backend.asked[0].headers
    assert not {"x-functions-key", "X-Internal", "TE"} & set(seen)
    assert seen["X-Forwarded-For"] == "127.0.0.1, 127.0.0.1"
    assert seen["Accept-Encoding"] == "br"


async def test_answers_come_back_whole(
    gateway: str, backend: Backend, client: aiohttp.ClientSession
) -> None:
    async def answers(_: web.Request) -> web.StreamResponse:
        response = web.Response(status=418, reason="Teapot", body=b"\x1f\x8bno real gzip")
        response.headers.extend([("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("ETag", '"7"')])
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Keep-Alive"] = "timeout=9"
        response.headers["Location"] = "http://else/where"
        return response

    backend.answers = answers
    async with client.get(f"{gateway}/api/health", allow_redirects=False) as answer:
        assert (answer.status, answer.reason) == (418, "Teapot")
        assert answer.headers.getall("Set-Cookie") == ["a=1", "b=2"]
        assert (answer.headers["ETag"], answer.headers["Location"]) == ('"7"', "http://else/where")
        assert "Keep-Alive" not in answer.headers
        assert await answer.read() == b"\x1f\x8bno real gzip"


@pytest.mark.parametrize("status", [204, 304, 302, 404, 500, 503])
async def test_what_the_app_answers_is_not_reworded(
    gateway: str, backend: Backend, client: aiohttp.ClientSession, status: int
) -> None:
    async def answers(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"Retry-After": "3", "Location": "/api/docs"})

    backend.answers = answers
    async with client.get(f"{gateway}/api/health", allow_redirects=False) as answer:
        assert answer.status == status
        assert answer.headers["Retry-After"] == "3"
        assert await answer.read() == b""
    assert len(backend.asked) == 1


@pytest.mark.parametrize("chunked", [False, True])
async def test_big_bodies_go_through_in_pieces(
    gateway: str, backend: Backend, client: aiohttp.ClientSession, chunked: bool
) -> None:
    piece, count = bytes(range(256)) * 4096, 24

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(count):
            yield piece

    async def echo(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(count):
            await response.write(piece)
        return response

    backend.answers = echo
    headers = {} if chunked else {"Content-Length": str(count * len(piece))}
    digest = sha256()
    async with client.post(
        f"{gateway}/api/v1/auth/login", data=pieces(), headers=headers
    ) as answer:
        async for got in answer.content.iter_any():
            digest.update(got)
    wanted = sha256(piece * count).hexdigest()
    asked = backend.asked[0]
    assert (asked.size_bytes, asked.digest) == (count * MIB, wanted)
    assert ("Content-Length" in asked.headers) is not chunked
    assert digest.hexdigest() == wanted


async def test_events_are_seen_as_they_happen_and_an_absent_reader_ends_them(
    gateway: str, backend: Backend, client: aiohttp.ClientSession
) -> None:
    seen, ended = asyncio.Event(), asyncio.Event()

    async def answers(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"data: 1\n\n")
        await seen.wait()
        await response.write(b"data: 2\n\n")
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return response

    backend.answers = answers
    async with client.get(f"{gateway}/api/health") as answer:
        assert answer.content_type == "text/event-stream"
        assert await answer.content.readany() == b"data: 1\n\n"
        seen.set()
        assert await answer.content.readany() == b"data: 2\n\n"
    await asyncio.wait_for(ended.wait(), 10)


async def test_many_at_once_each_get_their_own(
    gateway: str, backend: Backend, client: aiohttp.ClientSession
) -> None:
    together = asyncio.Barrier(130)

    async def answers(request: web.Request) -> web.StreamResponse:
        await together.wait()  # none is answered before all have arrived
        return web.Response(text=request.query["n"])

    backend.answers = answers

    async def one(number: int) -> str:
        async with client.get(f"{gateway}/api/health?n={number}") as answer:
            return await answer.text()

    assert await asyncio.gather(*map(one, range(130))) == list(map(str, range(130)))


async def test_a_limit_holds_for_many_at_once(
    start: Started, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await start(backend.url, calls_per_minute=30)

    async def one(_: int) -> int:
        async with client.get(f"{gateway}/api/health", headers={"Origin": ORIGIN}) as answer:
            return answer.status

    statuses = await asyncio.gather(*map(one, range(80)))
    assert (statuses.count(200), statuses.count(429)) == (30, 50)
    assert len(backend.asked) == 30
