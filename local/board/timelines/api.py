"""`/api/timelines`: those of late, and one of them whole."""

import asyncio

from aiohttp import web

from local.board import keys
from local.board.answers import Refused, answer, number
from local.board.functions.api import known_or_none
from local.board.timelines.assembly import timeline
from local.board.timelines.gathering import gathered
from local.board.timelines.listing import listed

MOST_TIMELINES = 500


async def timelines(request: web.Request) -> web.Response:
    limit = number(request.query, "limit", 50, MOST_TIMELINES)
    functions = await known_or_none(request.app)
    text = request.query.get("text", "").strip()
    return answer({"items": listed(request.app[keys.LOG].index, functions, limit, text)})


async def one(request: web.Request) -> web.Response:
    """Also of what the log has forgotten, as long as documents or messages remember it."""
    correlation_id = request.match_info["correlation_id"]
    found, functions = await asyncio.gather(
        gathered(request.app, correlation_id), known_or_none(request.app)
    )
    whole = timeline(correlation_id, found, functions)
    if whole is None:
        raise Refused(404, "Nothing is known of this correlation id.")
    return answer(whole)


ROUTES = [
    web.get("/api/timelines", timelines),
    web.get("/api/timelines/{correlation_id}", one),
]
