"""`/api/functions`: what there is, how it has run, and a push for what has no route."""

import asyncio
from typing import Any

from aiohttp import web

from local.board import keys
from local.board.answers import Refused, answer, body_of, number, rfc3339
from local.board.functions.described import Function, function, next_run
from local.board.functions.runs import run, summary
from local.board.upstream import objects

MOST_RUNS = 500


async def functions(request: web.Request) -> web.Response:
    described, status = await asyncio.gather(known(request.app), _status(request.app))
    listeners = status.get("listeners") or {}
    items = [
        _shown(request.app, each, str(listeners.get(each.name, ""))) for each in described.values()
    ]
    return answer({"items": items, "host": status.get("state")})


async def runs(request: web.Request) -> web.Response:
    """Newest first. Also of functions that the host does not know any more."""
    index = request.app[keys.LOG].index
    limit = number(request.query, "limit", 50, MOST_RUNS)
    ends = index.ends_of(request.match_info["name"])[-limit:][::-1]
    return answer({"items": [run(end, index) for end in ends]})


async def push(request: web.Request) -> web.Response:
    """Run it now, with `input` for what its trigger would bring."""
    name = request.match_info["name"]
    found = (await known(request.app)).get(name)
    if found is None:
        raise Refused(404, "There is no such function.")
    if found.trigger == "http":
        raise Refused(400, "An HTTP function has a route.", "Send it a request.")
    given = (await body_of(request)).get("input", "")
    await request.app[keys.UPSTREAM].post("host", f"/admin/functions/{name}", {"input": given})
    return answer({}, status=202)


async def known(app: web.Application) -> dict[str, Function]:
    """By name. Raises PartDown."""
    told = await app[keys.UPSTREAM].get("host", "/admin/functions")
    described = (function(each) for each in objects("host", told, "name"))
    return {each.name: each for each in described}


async def known_or_none(app: web.Application) -> dict[str, Function]:
    """As `known`, and nothing while the host is down: the log still has their names."""
    try:
        return await known(app)
    except Refused:
        return {}


async def _status(app: web.Application) -> dict[str, Any]:
    try:
        told = await app[keys.UPSTREAM].get("host", "/admin/host/status")
    except Refused:
        return {}
    return told if isinstance(told, dict) else {}


def _shown(app: web.Application, each: Function, listener: str) -> dict[str, Any]:
    index = app[keys.LOG].index
    return {
        "name": each.name,
        "capability": each.capability,
        "trigger": each.trigger,
        "summary": each.summary,
        "disabled": each.disabled,
        "state": "disabled" if each.disabled else listener or "serving",
        "entity": each.entity or None,
        **summary(each.name, index),
        "next_at": rfc3339(next_run(each, app[keys.CLOCK]())),
    }


ROUTES = [
    web.get("/api/functions", functions),
    web.get("/api/functions/{name}/runs", runs),
    web.post(r"/api/functions/{name:\w+}/run", push),
]
