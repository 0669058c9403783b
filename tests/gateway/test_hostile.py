"""Bytes that no honest client sends: at most one request comes of them, or none."""

import asyncio
import re

import pytest

from tests.gateway.backend import Backend

HEAD = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n"
SMUGGLED = b"GET /api/v1/trips HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\n\r\n"


async def said(gateway: str, sent: bytes) -> bytes:
    """Everything that comes back until the gateway hangs up."""
    host, port = gateway.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(sent)
        await writer.drain()
        return await asyncio.wait_for(reader.read(), 20)
    finally:
        writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + b"Content-Length: 0\r\nContent-Length: 78\r\n\r\n" + SMUGGLED,
        HEAD + b"Content-Length: 0, 78\r\n\r\n" + SMUGGLED,
        HEAD + b"Content-Length: +0\r\n\r\n" + SMUGGLED,
        HEAD + b"Content-Length: -1\r\n\r\n" + SMUGGLED,
        HEAD + b"Content-Length: 0x0\r\n\r\n" + SMUGGLED,
        HEAD + b"Content-Length : 0\r\n\r\n" + SMUGGLED,
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nz\r\n\r\n" + SMUGGLED,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + SMUGGLED,
        HEAD + b" X: folded\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
        HEAD + b"X: a\x00b\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
        HEAD + b"X: a\rb\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
        b"POST /api/v1/auth/login HTTP/1.1 \r\n\r\n" + SMUGGLED,
        b"GET /api/health HTTP/9.9\r\nHost: a\r\n\r\n" + SMUGGLED,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /api/health?" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /api/health HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 40_000 + b"\r\n\r\n",
    ],
)
async def test_requests_that_can_be_read_in_two_ways_are_read_in_none(
    gateway: str, backend: Backend, sent: bytes
) -> None:
    answer = await said(gateway, sent)
    assert len(re.findall(rb"HTTP/1\.\d \d{3} ", answer)) <= 1
    assert not answer or answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))
    assert all(each.target != "/api/v1/trips" for each in backend.asked)


@pytest.mark.parametrize(
    "target",
    [
        b"http://evil.example.com/api/health",
        b"*",
        b"/api\\health",
        b"//evil.example.com/api/health",
        b"/api/health#part",
    ],
)
async def test_targets_that_are_no_path_reach_nobody(
    gateway: str, backend: Backend, target: bytes
) -> None:
    sent = b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    answer = await said(gateway, sent)
    assert answer.split()[1] in {b"400", b"404"}
    assert backend.asked == []


async def test_headers_that_are_no_text_reach_nobody(gateway: str, backend: Backend) -> None:
    sent = b"GET /api/health HTTP/1.1\r\nHost: a\r\nX: \xff\xfe\r\nConnection: close\r\n\r\n"
    answer = await said(gateway, sent)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert backend.asked == []


async def test_another_protocol_is_not_taken_up(gateway: str, backend: Backend) -> None:
    upgrade = b"Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n"
    answer = await said(gateway, b"GET /api/health HTTP/1.1\r\nHost: a\r\n" + upgrade)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert "Upgrade" not in backend.asked[0].headers


async def test_two_requests_on_one_connection_are_two(gateway: str, backend: Backend) -> None:
    one = b"GET /api/health HTTP/1.1\r\nHost: a\r\n\r\n"
    answer = await said(gateway, one + one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert len(backend.asked) == 2


async def test_a_body_that_stops_early_leaves_the_app_without_a_whole_one(
    gateway: str, backend: Backend
) -> None:
    host, port = gateway.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(HEAD + b"Content-Length: 100\r\n\r\nhalf")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    answer = await said(gateway, b"GET /api/health HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.0 200 OK")
    assert [each.target for each in backend.asked] == ["/api/health"]


async def test_an_old_client_gets_an_answer_without_chunks(gateway: str, backend: Backend) -> None:
    answer = await said(gateway, b"GET /api/health HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.0 200 OK")
    assert answer.endswith(b'{"fine": true}')
