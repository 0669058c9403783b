"""`GET /api/search`: functions, entities, containers and correlation ids by a part of their name.

What a part that is down would add is left out; the rest is found.
"""

import asyncio
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from aiohttp import web

from local.board import keys, messages
from local.board.answers import Refused, answer
from local.board.blobs.storage import Storage
from local.board.blobs.storage import told as told_by_storage
from local.board.cosmos.api import listed as containers_of
from local.board.functions.api import known_or_none
from local.board.functions.described import Function
from local.board.timelines.listing import listed as timelines_of

MOST_OF_A_KIND = 8
SHORTEST_ID = 4  # of what may be meant as a part of a correlation id

Item = dict[str, str]


async def search(request: web.Request) -> web.Response:
    text = request.query.get("q", "").strip()
    app = request.app
    functions, entities, containers, blobs = await asyncio.gather(
        known_or_none(app),
        _or_nothing(messages.listed(app)),
        _or_nothing(containers_of(app[keys.COSMOS], counted=False)),
        _or_nothing(_blob_containers(app[keys.STORAGE])),
    )
    items = [
        *_some(text, (_function(each) for each in functions.values())),
        *_some(text, (_entity(each) for each in entities)),
        *_some(text, (_container(each) for each in containers)),
        *_some(text, (_blobs(name) for name in blobs)),
    ]
    if len(text) >= SHORTEST_ID:
        index = app[keys.LOG].index
        items += map(_timeline, timelines_of(index, functions, MOST_OF_A_KIND, text))
    return answer({"items": items})


async def _or_nothing(asking: Any) -> list[Any]:
    try:
        found: list[Any] = await asking
    except Refused:
        return []
    return found


async def _blob_containers(storage: Storage) -> list[str]:
    async with told_by_storage():
        return [each.name async for each in storage.client.list_containers()]


def _some(text: str, items: Iterator[Item]) -> list[Item]:
    """Those whose title begins with it first, then those that have it anywhere."""
    low = text.lower()
    fitting = [each for each in items if low in f"{each['title']} {each['detail']}".lower()]
    fitting.sort(key=lambda each: (not each["title"].lower().startswith(low), each["title"]))
    return fitting[:MOST_OF_A_KIND]


def _item(kind: str, title: str, detail: str, page: str) -> Item:
    link = f"#/{page}/{quote(title, safe='')}"
    return {"kind": kind, "title": title, "detail": detail, "link": link}


def _function(each: Function) -> Item:
    return _item("function", each.name, each.summary, "functions")


def _entity(each: dict[str, Any]) -> Item:
    kind = str(each.get("kind"))
    waiting, dead = each.get("active", 0), each.get("dead_letters", 0)
    return _item(kind, str(each.get("name")), f"{waiting} waiting, {dead} dead", "messages")


def _container(each: dict[str, Any]) -> Item:
    return _item("container", str(each["name"]), str(each["database"]), "cosmos")


def _blobs(name: str) -> Item:
    return _item("blobs", name, "blob container", "blobs")


def _timeline(each: dict[str, Any]) -> Item:
    detail = f"{each['title']}, {each['began_at']}"
    return _item("timeline", str(each["correlation_id"]), detail, "timelines")


ROUTES = [web.get("/api/search", search)]
