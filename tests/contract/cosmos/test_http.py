"""HTTP as clients may speak it, and as they should not: every request is answered in its turn."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.cosmos.http import HangUp, Request, Response, listening
from tests.contract.cosmos.endpoint import Endpoint

pytestmark = pytest.mark.usefixtures("own_service")
LARGE = 3 * 1024 * 1024


def echo(request: Request) -> Response:
    match request.path:
        case "/silence":
            raise HangUp
        case "/failure":
            raise ZeroDivisionError
        case "/large":
            return Response(200, [], b"x" * LARGE)
        case "/nothing":
            return Response(204, [("x-told", "a\r\nInjected: 1")], b"")
        case _:
            told = f"{request.method} {request.headers.get('X-Name', '-')} "
            return Response(200, [], told.encode() + request.body)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with listening("127.0.0.1", 0, echo) as bound:
        yield bound


class Line:
    """A raw connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def hear(self) -> tuple[int, bytes, bytes]:
        """Status, head and body of one answer."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 10)
        length = [
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length")
        ]
        body = await asyncio.wait_for(self.reader.readexactly(length[0]), 10) if length else b""
        return int(head.split()[1]), head, body

    async def is_over(self) -> bool:
        try:
            return await asyncio.wait_for(self.reader.read(1), 10) == b""
        except ConnectionResetError:
            return True


@pytest.fixture
async def line(port: int) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield Line(reader, writer)
    writer.close()


def get(path: str = "/", more: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n{more}\r\n".encode()


POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
)


async def test_requests_sent_ahead_are_answered_in_order(line: Line) -> None:
    await line.say(get(more="x-name: 1\r\n") + POST + CHUNKED + get(more="X-NAME: 2\r\n"))
    heard = [(await line.hear())[2] for _ in range(4)]
    assert heard == [b"GET 1 ", b"POST - hello", b"POST - hello", b"GET 2 "]


@pytest.mark.parametrize("request_", [POST, CHUNKED], ids=["sized", "chunked"])
async def test_a_request_may_come_byte_by_byte(line: Line, request_: bytes) -> None:
    for byte in request_:
        await line.say(bytes([byte]))
        await asyncio.sleep(0)
    assert (await line.hear())[2] == b"POST - hello"


async def test_a_client_that_waits_for_leave_gets_it(line: Line) -> None:
    head, body = POST[:-5], POST[-5:]
    await line.say(head.replace(b"Host: x", b"Host: x\r\nExpect: 100-continue"))
    assert (await line.hear())[0] == 100
    await line.say(body)
    assert (await line.hear())[2] == b"POST - hello"


async def test_a_client_that_says_so_is_let_go(line: Line) -> None:
    await line.say(get(more="Connection: close\r\n"))
    assert (await line.hear())[0] == 200
    assert await line.is_over()


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
async def test_what_is_no_request_is_refused_once(line: Line, nonsense: bytes) -> None:
    await line.say(nonsense)
    status, _, _ = await line.hear()
    assert status == 400
    assert await line.is_over()


PIECES = st.sampled_from(
    [
        *(b"GET / HTTP/1.1\r\n", b"POST /dbs HTTP/1.1\r\n", b"CONNECT x:1 HTTP/1.1\r\n"),
        *(b"Host: x\r\n", b"\r\n", b"\n", b"\r", b"0\r\n", b"3\r\nabc\r\n"),
        *(b"Content-Length: 3\r\n", b"Content-Length: -1\r\n", b"Transfer-Encoding: chunked\r\n"),
        *(b"Connection: close\r\n", b"Upgrade: websocket\r\nConnection: upgrade\r\n"),
        *(b"Content-Encoding: gzip\r\n", b"Expect: 100-continue\r\n"),
    ]
)


@given(st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=12).map(b"".join))
@settings(max_examples=150, deadline=None)
def test_no_bytes_leave_a_client_waiting(local_endpoint: Endpoint, said: bytes) -> None:
    address = local_endpoint.url.removeprefix("http://").split(":")
    with (
        socket.create_connection((address[0], int(address[1])), timeout=5) as line,
        contextlib.suppress(ConnectionError),
    ):
        line.sendall(said)
        line.shutdown(socket.SHUT_WR)
        while line.recv(65_536):
            pass


async def test_a_body_without_end_is_refused(line: Line) -> None:
    await line.say(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
    with pytest.raises(ConnectionError):  # noqa: PT012 - which of many writes fails is open
        for _ in range(200):
            await line.say(b"x" * 1024 * 1024)


async def test_silence_and_failure_concern_one_client(port: int, line: Line) -> None:
    await line.say(get("/failure"))
    assert (await line.hear())[0] == 500
    await line.say(get("/silence"))
    assert await line.is_over()
    other = Line(*await asyncio.open_connection("127.0.0.1", port))
    await other.say(get())
    assert (await other.hear())[0] == 200
    other.writer.close()


async def test_answers_without_a_body_have_none(line: Line) -> None:
    await line.say(get("/nothing") + b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + get())
    status, head, body = await line.hear()
    assert (status, body) == (204, b"")
    assert b"\r\nInjected" not in head
    head = await asyncio.wait_for(line.reader.readuntil(b"\r\n\r\n"), 10)
    assert b"content-length: 7" in head
    assert (await line.hear())[2] == b"GET - "


async def test_a_client_that_does_not_listen_holds_up_nobody(port: int, line: Line) -> None:
    await line.say(get("/large") * 30)
    other = Line(*await asyncio.open_connection("127.0.0.1", port))
    await other.say(get())
    assert (await other.hear())[0] == 200
    other.writer.close()
    for _ in range(30):
        assert len((await line.hear())[2]) == LARGE
