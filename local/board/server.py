"""The board put together: one application, whose rooms know only the parts that they show."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime

from aiohttp import web

from local.board import guard, hiding, keys, messages, overview, pages, search, sent
from local.board.blobs import api as blobs
from local.board.blobs.storage import Storage
from local.board.cosmos import api as cosmos
from local.board.cosmos.account import Account
from local.board.functions import api as functions
from local.board.log import api as log
from local.board.log.following import Following
from local.board.log.index import LogIndex
from local.board.log.tail import Tails
from local.board.surroundings import Surroundings
from local.board.timelines import api as timelines
from local.board.upstream import connected

LARGEST_REQUEST = 1024 * 1024
LOG_PATIENCE_S = 1.0
ROOMS = (
    *(pages, overview, functions, messages, cosmos, blobs, sent, log),
    *(timelines, search),
)


def now() -> datetime:
    return datetime.now(UTC)


def application(surroundings: Surroundings, clock: keys.Clock = now) -> web.Application:
    app = web.Application(middlewares=[guard.guarded], client_max_size=LARGEST_REQUEST)
    app[keys.SURROUNDINGS] = surroundings
    app[keys.HIDING] = hiding.Hiding(hiding.secrets_of(surroundings))
    app[keys.CLOCK] = clock
    app[keys.COSMOS] = Account(surroundings)
    app[keys.STORAGE] = Storage(surroundings)
    app[overview.COUNTED] = overview.Counted()
    for room in ROOMS:
        app.add_routes(room.ROUTES)
    app.cleanup_ctx.extend((_upstream, _log))
    app.on_shutdown.append(_end_streams)
    return app


async def _upstream(app: web.Application) -> AsyncIterator[None]:
    async with connected(app[keys.SURROUNDINGS]) as upstream:
        app[keys.UPSTREAM] = upstream
        yield
    await app[keys.COSMOS].close()
    await app[keys.STORAGE].close()


async def _log(app: web.Application) -> AsyncIterator[None]:
    """What was written before is read first; of a lot, the rest while others are served."""
    tails = Tails(app[keys.SURROUNDINGS].logs)
    following = Following(tails, LogIndex(), app[keys.CLOCK])
    app[keys.LOG] = following
    task = asyncio.create_task(following.run())
    with suppress(TimeoutError):
        async with asyncio.timeout(LOG_PATIENCE_S):
            await following.begun.wait()
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    tails.close()


async def _end_streams(app: web.Application) -> None:
    await app[keys.LOG].close()
