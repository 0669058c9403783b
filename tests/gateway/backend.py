"""What stands behind the gateway in these tests: it keeps what it is asked, and answers as told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256

from aiohttp import web
from multidict import CIMultiDict

Answers = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    target: str
    headers: CIMultiDict[str]
    size_bytes: int
    digest: str


async def plainly(_: web.Request) -> web.StreamResponse:
    return web.json_response({"fine": True})


@dataclass
class Backend:
    """`answers` may be changed by a test; bodies are read before."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: Answers = plainly

    async def handle(self, request: web.Request) -> web.StreamResponse:
        digest, size = sha256(), 0
        async for piece in request.content.iter_any():
            digest.update(piece)
            size += len(piece)
        headers = CIMultiDict(request.headers)
        found = Asked(request.method, request.raw_path, headers, size, digest.hexdigest())
        self.asked.append(found)
        return await self.answers(request)


@asynccontextmanager
async def running() -> AsyncIterator[Backend]:
    backend = Backend()
    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", backend.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    backend.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield backend
    finally:
        await runner.cleanup()


@asynccontextmanager
async def answering(raw: bytes) -> AsyncIterator[str]:
    """Says `raw` to whoever connects, once the head of a request is there, and hangs up."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()
