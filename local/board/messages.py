"""Queues, topics and their messages, through the broker's own page. Times are RFC 3339."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from local.board import keys
from local.board.answers import Refused, answer, body_of, number, of_ms
from local.board.upstream import objects

BROKER = "servicebus_admin"
MOST_MESSAGES = 200
Message = dict[str, Any]


async def entities(request: web.Request) -> web.Response:
    return answer({"entities": await listed(request.app)})


async def messages(request: web.Request) -> web.Response:
    """Looks only: nothing is locked, nothing counted as delivered."""
    query = request.query
    limit = number(query, "limit", 50, MOST_MESSAGES)
    found, after = await peeked(
        request.app,
        query.get("entity", ""),
        dead=query.get("dead") == "1",
        after=query.get("after", ""),
        limit=limit,
    )
    return answer({"messages": found, "next": after})


async def resubmit(request: web.Request) -> web.Response:
    body = _chosen(await body_of(request), "entity", "sequence_numbers")
    return answer(await request.app[keys.UPSTREAM].post(BROKER, "/_local/resubmit", body))


async def purge(request: web.Request) -> web.Response:
    body = _chosen(await body_of(request), "entity", "dead", "sequence_numbers")
    return answer(await request.app[keys.UPSTREAM].post(BROKER, "/_local/purge", body))


async def listed(app: web.Application) -> list[dict[str, Any]]:
    """Raises PartDown."""
    told = await app[keys.UPSTREAM].get(BROKER, "/_local/entities")
    return objects(BROKER, told, "name", under="entities")


async def peeked(
    app: web.Application, entity: str, *, dead: bool, after: str = "", limit: int = MOST_MESSAGES
) -> tuple[list[Message], Any]:
    """Messages, and what to give as `after` for more."""
    query = {"entity": entity, "dead": "1" if dead else "0", "limit": str(limit)}
    if after:
        query["after"] = after
    told = await app[keys.UPSTREAM].get(BROKER, "/_local/messages", query)
    found = objects(BROKER, told, "sequence_number", under="messages")
    return [timed(each) for each in found], told.get("next")


def timed(message: Mapping[str, Any]) -> Message:
    """With `enqueued_at` instead of `enqueued_ms`, and so on."""
    return {
        name.removesuffix("_ms") + "_at" if name.endswith("_ms") else name: (
            of_ms(value) if name.endswith("_ms") else value
        )
        for name, value in message.items()
    }


def _chosen(body: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """What is missing must not come to mean "all": the numbers are said, or null is."""
    if "sequence_numbers" not in body:
        raise Refused(400, "Say `sequence_numbers`: a list, or null for all.")
    return {name: body[name] for name in names if name in body}


ROUTES = [
    web.get("/api/entities", entities),
    web.get("/api/messages-in", messages),
    web.post("/api/resubmit", resubmit),
    web.post("/api/purge", purge),
]
