"""HTTP around the gateway, with aiohttp; and the light way to serve inside a test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from aiohttp import web

from local.cosmos.authorization import EMULATOR_KEY
from local.cosmos.call import Call, Reply
from local.cosmos.gateway import Gateway
from local.cosmos.key import decoded_key
from local.cosmos.store import Store
from local.cosmos.wire import encode

HOST = "127.0.0.1"
_NO_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Serving:
    """A running endpoint and the key that opens it (base64)."""

    url: str
    key: str


@asynccontextmanager
async def serve(
    *,
    port: int = 0,
    data: Path | None = None,
    key: str = EMULATOR_KEY,
    strict: bool = True,
) -> AsyncIterator[Serving]:
    """Serve until the block ends; port 0 takes a free one, no `data` keeps all in memory.

    Raises DataInUse, ValueError for a key that is not base64, OSError for a busy port.
    """
    secret = decoded_key(key)
    store = Store(data)
    runner = web.ServerRunner(_server(Gateway(store, secret, strict=strict)), shutdown_timeout=1.0)
    try:
        await runner.setup()
        site = web.TCPSite(runner, HOST, port)
        await site.start()
        yield Serving(f"http://{HOST}:{runner.addresses[0][1]}", key)
    finally:
        await runner.cleanup()
        store.close()


def _server(gateway: Gateway) -> web.Server:
    return web.Server(_handler(gateway), access_log=None)


def _handler(gateway: Gateway) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        path = request.raw_path.partition("?")[0]
        call = Call(
            method=request.method,
            segments=tuple(unquote(part) for part in path.split("/") if part),
            headers=request.headers,
            # Not `request.read()`, whose limit lies below the service's own of 2 MB.
            body=await request.content.read(),
            origin=f"{request.scheme}://{request.host}",
        )
        return _response(call, gateway.answer(call))

    return handle


def _response(call: Call, reply: Reply) -> web.Response:
    headers = {
        "x-ms-activity-id": call.headers.get("x-ms-activity-id", ""),
        "x-ms-request-charge": f"{reply.charge:.2f}",
        "x-ms-version": call.headers.get("x-ms-version", ""),
        **reply.headers,
    }
    silent = reply.body is None or reply.status in _NO_BODY
    return web.Response(
        status=reply.status,
        headers=headers,
        body=None if silent else encode(reply.body),
        content_type="application/json",
    )
