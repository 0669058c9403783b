"""The gateway behind HTTP; and the light way to serve inside a test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from local.cosmos.authorization import EMULATOR_KEY
from local.cosmos.call import Call
from local.cosmos.errors import ConnectionLost
from local.cosmos.gateway import Gateway
from local.cosmos.http import Answer, HangUp, Request, Response, listening
from local.cosmos.key import decoded_key
from local.cosmos.planned import Planned
from local.cosmos.store import Store
from local.cosmos.wire import encode
from local.faults.plan import NONE, Faults

HOST = "127.0.0.1"


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
    faults: Faults = NONE,
) -> AsyncIterator[Serving]:
    """Serve until the block ends; port 0 takes a free one, no `data` keeps all in memory.

    Raises DataInUse, ValueError for a key that is not base64, OSError for a busy port.
    """
    secret = decoded_key(key)
    store = Store(data)
    try:
        gateway = Gateway(store, secret, strict=strict, planned=Planned(faults))
        async with listening(HOST, port, _answers(gateway)) as bound:
            yield Serving(f"http://{HOST}:{bound}", key)
    finally:
        store.close()


def _answers(gateway: Gateway) -> Answer:
    def answer(request: Request) -> Response:
        call = Call(request.method, segments(request.path), request.headers, request.body)
        try:
            reply = gateway.answer(call)
        except ConnectionLost:
            raise HangUp from None
        headers = [
            ("x-ms-request-charge", f"{reply.charge:.2f}"),
            ("x-ms-activity-id", request.headers.get("x-ms-activity-id", "")),
            ("x-ms-version", request.headers.get("x-ms-version", "")),
            *reply.headers.items(),
        ]
        return Response(reply.status, headers, b"" if reply.body is None else encode(reply.body))

    return answer


def segments(path: str) -> tuple[str, ...]:
    """The parts of a raw path, each decoded by itself."""
    parts = path.partition("?")[0].split("/")
    if "%" in path:
        return tuple([unquote(part) for part in parts if part])
    return tuple([part for part in parts if part])
