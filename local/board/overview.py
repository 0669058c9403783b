"""`GET /api/overview`: which parts run, and how much of everything there is."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from local.board import keys, messages, parts
from local.board.answers import Refused, answer, rfc3339
from local.board.blobs.api import listed as containers
from local.board.functions.api import known

PATIENCE_S = 1.0
COUNT_EVERY = timedelta(seconds=10)
DEFAULT_PORTS = {"http": 80, "sb": 5672, "amqp": 5672}


async def overview(request: web.Request) -> web.Response:
    around = request.app[keys.SURROUNDINGS]
    state = _state(around.state)
    urls = {**around.urls, "board": f"http://{request.host}"}
    asked = [name for name in urls if name not in parts.UNLISTED and name != "board"]
    taken = await asyncio.gather(*(_listens(urls[name]) for name in asked))
    listening = {**dict(zip(asked, taken, strict=True)), "board": True}
    return answer(
        {
            "parts": parts.described(urls, state, listening),
            "counts": await _counts(request.app),
            "now": rfc3339(request.app[keys.CLOCK]()),
        }
    )


async def _counts(app: web.Application) -> dict[str, Any]:
    """None for what a part does not tell that is down."""
    ask = app[keys.UPSTREAM].get
    functions, entities, recorder, blobs = await asyncio.gather(
        _or_none(known(app)),
        _or_none(messages.listed(app)),
        _or_none(ask("communication", "/_local/health")),
        _or_none(app[COUNTED].blobs(app)),
    )
    queues = [each for each in entities or [] if each.get("kind") != "topic"]
    return {
        "functions": None if functions is None else len(functions),
        "failed_runs": app[keys.LOG].index.failed_runs,
        "dead_letters": None if entities is None else _sum(queues, "dead_letters"),
        "waiting": None if entities is None else _sum(queues, "active", "scheduled", "deferred"),
        "messages": recorder.get("messages") if isinstance(recorder, dict) else None,
        "blobs": blobs,
    }


def _sum(found: Iterable[Mapping[str, Any]], *names: str) -> int:
    return sum(int(each.get(name) or 0) for each in found for name in names)


class Counted:
    """Blobs, counted now and then: it means to list them all, and the page asks all the time."""

    def __init__(self) -> None:
        self._count = 0
        self._until: datetime | None = None

    async def blobs(self, app: web.Application) -> int:
        """Raises PartDown."""
        now = app[keys.CLOCK]()
        if self._until is None or now >= self._until:
            self._count = _sum(await containers(app[keys.STORAGE]), "blobs")
            self._until = now + COUNT_EVERY
        return self._count


COUNTED = web.AppKey("COUNTED", Counted)


async def _or_none(asking: Awaitable[Any]) -> Any:
    """A part that is down leaves its count unknown, and nothing else."""
    try:
        return await asking
    except Refused:
        return None


async def _listens(url: str) -> bool:
    try:
        address = urlsplit(url)
        port = address.port or DEFAULT_PORTS.get(address.scheme, 0)
        async with asyncio.timeout(PATIENCE_S):
            _, writer = await asyncio.open_connection(address.hostname, port)
    except (OSError, TimeoutError, ValueError):
        return False
    writer.close()
    return True


def _state(file: Path | None) -> dict[str, Any]:
    """What the supervisor wrote last, or nothing while it does not run."""
    try:
        found = orjson.loads(file.read_bytes()) if file else {}
    except (OSError, orjson.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


ROUTES = [web.get("/api/overview", overview)]
