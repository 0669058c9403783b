"""HTTP/1.1 for a service that answers at once: no tasks, no waiting. Knows no Cosmos DB.

Requests are parsed by aiohttp's parser. Each is answered before the next one on its connection is
looked at, and the answer is written in one piece, which takes half the time of a general server.
"""

import asyncio
import gc
import logging
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpProcessingError, HttpRequestParser
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

_LARGEST_BODY = 8 * 1024 * 1024
_LARGEST_LINE = 64 * 1024  # paths and headers: session tokens and continuations are long
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_LINES = {int(status): f"HTTP/1.1 {int(status)} {status.phrase}\r\n" for status in HTTPStatus}
_LINES[449] = "HTTP/1.1 449 Retry With\r\n"  # Microsoft's own
_NO_BODY = frozenset({204, 304})
_BREAKS = re.compile(r"[\x00-\x1f\x7f]")
_log = logging.getLogger(__name__)


class HangUp(Exception):
    """Raised instead of an answer: the connection ends without one."""


@dataclass(frozen=True, slots=True)
class Request:
    """`path` as it was sent, percent-encoded. Names of headers are not case-sensitive."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """`headers` are names and values in turn, without those that HTTP itself needs."""

    status: int
    headers: Iterable[tuple[str, str]]
    body: bytes


Answer = Callable[[Request], Response]


@dataclass(slots=True)
class _Arriving:
    """A request whose body may not be here yet."""

    message: RawRequestMessage
    payload: StreamReader
    body: bytearray = field(default_factory=bytearray)

    def is_whole(self) -> bool:
        if self.payload is not EMPTY_PAYLOAD:
            self.body += self.payload.read_nowait(-1)
        return self.payload.is_eof()


class _Connection(BaseProtocol):
    """One client. Requests that it sends ahead wait in line."""

    __slots__ = ("_answer", "_arriving", "_open", "_requests")

    def __init__(
        self, loop: asyncio.AbstractEventLoop, answer: Answer, others: "set[_Connection]"
    ) -> None:
        super().__init__(loop)
        self._answer = answer
        self._open = others
        self._arriving: deque[_Arriving] = deque()
        self._requests = HttpRequestParser(
            self,
            loop,
            _LARGEST_BODY,
            max_line_size=_LARGEST_LINE,
            max_field_size=_LARGEST_LINE,
            auto_decompress=False,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._open.add(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        self._open.discard(self)

    def data_received(self, data: bytes) -> None:
        try:
            messages, upgraded, _ = self._requests.feed_data(data)
        except HttpProcessingError as error:
            self._refuse(error.code, error.message)
            return
        if upgraded:
            self._refuse(400, "No other protocol is spoken here.")
            return
        for message, payload in messages:
            self._arriving.append(_Arriving(message, payload))
            if message.headers.get("expect", "").lower() == "100-continue":
                self._write(_CONTINUE)
        self._serve()

    def pause_reading(self) -> None:
        """Never: bodies are taken as they arrive, and their size is bounded here."""

    def resume_reading(self, resume_parser: bool = True) -> None:
        """See `pause_reading`."""

    def resume_writing(self) -> None:
        super().resume_writing()
        self._serve()

    def _serve(self) -> None:
        """All that is whole, unless the client reads too slowly."""
        while self._arriving and not self._paused and self.transport is not None:
            first = self._arriving[0]
            whole = first.is_whole()
            if len(first.body) > _LARGEST_BODY:
                self._refuse(413, "Request size is too large")
                return
            if not whole:
                return
            self._arriving.popleft()
            self._serve_one(first)

    def _serve_one(self, arrived: _Arriving) -> None:
        message = arrived.message
        request = Request(message.method, message.path, message.headers, bytes(arrived.body))
        try:
            written = _written(self._answer(request), head_only=message.method == "HEAD")
        except HangUp:
            self._end(at_once=True)
            return
        except Exception:  # noqa: BLE001 - the client must get an answer; the log keeps the trace
            _log.exception("%s %s failed", request.method, request.path)
            written = _written(Response(500, [], b"{}"))
        self._write(written)
        if message.should_close:
            self._end()

    def _refuse(self, status: int, words: str) -> None:
        """For what is not HTTP: the client is told once, and nothing more is read of it."""
        body = words.encode("utf-8", "replace")
        self._arriving.clear()
        self._write(_written(Response(status, [("connection", "close")], body)))
        self._end()

    def _write(self, data: bytes) -> None:
        if self.transport is not None:
            self.transport.write(data)

    def _end(self, *, at_once: bool = False) -> None:
        self._arriving.clear()
        if self.transport is not None and at_once:
            self.transport.abort()
        elif self.transport is not None:
            self.transport.close()

    end = _end


def _written(response: Response, *, head_only: bool = False) -> bytes:
    head = [_LINES[response.status]]
    head += [f"{name}: {_one_line(value)}\r\n" for name, value in response.headers]
    if response.status in _NO_BODY:
        head.append("\r\n")
        return "".join(head).encode()
    head.append(f"content-type: application/json\r\ncontent-length: {len(response.body)}\r\n\r\n")
    written = "".join(head).encode()
    return written if head_only else written + response.body


def _one_line(value: str) -> str:
    """Names of containers stand in headers, and may not end them."""
    return value if value.isprintable() else _BREAKS.sub("", value)


@asynccontextmanager
async def listening(host: str, port: int, answer: Answer) -> AsyncIterator[int]:
    """Serve until the block ends; gives the port. Raises OSError for a busy one."""
    loop = asyncio.get_running_loop()
    connections: set[_Connection] = set()
    server = await loop.create_server(
        lambda: _Connection(loop, answer, connections), host, port, backlog=512
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for connection in tuple(connections):
            connection.end()
        await server.wait_closed()


def settle_memory() -> None:
    """For a process that only serves: what is loaded by now stays, and needs no more counting."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
