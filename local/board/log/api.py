"""`GET /api/log` and its live stream."""

import asyncio

import orjson
from aiohttp import web

from local.board import keys
from local.board.answers import Refused, answer, number
from local.board.log.line import Line
from local.board.log.view import view
from local.board.log.wanted import wanted

MOST_LINES = 1000
KEEP_ALIVE_S = 15.0
HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


async def log(request: web.Request) -> web.Response:
    """Newest first; `before` is what to give next time, where there may be more."""
    index = request.app[keys.LOG].index
    limit = number(request.query, "limit", 200, MOST_LINES)
    found: list[Line] = []
    for line in index.newest(wanted(request.query), _id(request.query.get("before"))):
        found.append(line)
        if len(found) == limit:
            break
    more = found[-1].id if len(found) == limit else None
    return answer({"items": [view(line, index) for line in found], "before": more})


async def stream(request: web.Request) -> web.StreamResponse:
    """Server-sent events. Without `after` it begins with the next line that is written."""
    following, asked = request.app[keys.LOG], wanted(request.query)
    last = _id(request.headers.get("Last-Event-ID") or request.query.get("after"))
    last_id = following.index.last_id if last is None else last
    response = web.StreamResponse(headers=HEADERS)
    await response.prepare(request)
    hide = request.app[keys.HIDING].hide
    try:
        await response.write(b"retry: 1000\n\n")
        while not following.closing:
            fresh = following.index.after(last_id, asked)[-MOST_LINES:]
            last_id = following.index.last_id
            for line in fresh:
                data = orjson.dumps(view(line, following.index), default=str)
                await response.write(b"id: %d\ndata: %s\n\n" % (line.id, hide(data)))
            if not await following.wait_beyond(last_id, KEEP_ALIVE_S):
                await response.write(b": still here\n\n")
    except (ConnectionError, asyncio.CancelledError):
        pass  # the reader left
    return response


def _id(text: str | None) -> int | None:
    if not text:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise Refused(400, "An id of a line is a whole number.") from error


ROUTES = [web.get("/api/log", log), web.get("/api/log/stream", stream)]
