"""`/_local`: the record as JSON for tests and demonstrations, faults, and word of changes."""

import asyncio
import json
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from local.communication import keys
from local.communication.faults import FaultOrder
from local.communication.preview import attachment_path
from local.communication.recorder import Wanted

KEEP_ALIVE_S = 15.0
MOST_MESSAGES = 1000


def wanted(request: web.Request) -> Wanted:
    """Of `?to=&channel=&after=&limit=`. Raises HTTPBadRequest."""
    query = request.query
    channel = query.get("channel", "")
    if channel not in {"", "email", "sms"}:
        raise web.HTTPBadRequest(text="channel is email or sms")
    try:
        after, limit = int(query.get("after", "0")), int(query.get("limit", "200"))
    except ValueError as error:
        raise web.HTTPBadRequest(text="after and limit are numbers") from error
    return Wanted(query.get("to", ""), channel, after, max(1, min(limit, MOST_MESSAGES)))


async def messages(request: web.Request) -> web.Response:
    """Newest first. `latest` is what to give as `after` next time."""
    items = request.app[keys.RECORDER].messages(wanted(request))
    for item in items:
        for position, attachment in enumerate(item["attachments"]):
            attachment["url"] = attachment_path(item["id"], position)
    latest = items[0]["seq"] if items else wanted(request).after
    return _json({"items": items, "latest": latest})


async def clear(request: web.Request) -> web.Response:
    cleared = request.app[keys.RECORDER].clear()
    await request.app[keys.CHANGES].tell()
    return _json({"cleared": cleared})


async def restore(request: web.Request) -> web.Response:
    """Takes the last clearing back."""
    restored = request.app[keys.RECORDER].restore()
    await request.app[keys.CHANGES].tell()
    return _json({"restored": restored})


async def order_fault(request: web.Request) -> web.Response:
    if request.content_type != "application/json":  # so that no other page can order one
        raise web.HTTPUnsupportedMediaType(text="The body must be application/json.")
    try:
        order = FaultOrder.model_validate_json(await request.read())
    except ValidationError as error:
        return _json({"errors": json.loads(error.json(include_url=False))}, status=400)
    request.app[keys.FAULTS].add(order)
    return _json({"faults": request.app[keys.FAULTS].view()}, status=201)


async def faults(request: web.Request) -> web.Response:
    return _json({"faults": request.app[keys.FAULTS].view()})


async def clear_faults(request: web.Request) -> web.Response:
    request.app[keys.FAULTS].clear()
    return _json({"faults": []})


async def health(request: web.Request) -> web.Response:
    return _json({"status": "ok", "messages": request.app[keys.RECORDER].count()})


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events: one at once, then one for each change."""
    changes = request.app[keys.CHANGES]
    headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    told = -1
    try:
        while not changes.closing:
            version = await changes.since(told, KEEP_ALIVE_S)
            line = ": still here" if version == told else f"data: {version}"
            told = version
            await response.write(f"{line}\n\n".encode())
    except (ConnectionResetError, asyncio.CancelledError):
        pass  # the reader left
    return response


def _json(body: Any, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store"})


ROUTES = [
    web.get("/_local/messages", messages),
    web.delete("/_local/messages", clear),
    web.post("/_local/messages/restore", restore),
    web.get("/_local/faults", faults),
    web.post("/_local/faults", order_fault),
    web.delete("/_local/faults", clear_faults),
    web.get("/_local/health", health),
    web.get("/_local/events", events),
]
