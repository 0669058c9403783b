"""Asks every part for what it knows of a correlation id. One that is down is named, and missed."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any

from aiohttp import web

from local.board import keys, messages, sent
from local.board.answers import PartDown, Refused
from local.board.cosmos.account import Account, told
from local.board.cosmos.api import listed as containers_of
from local.board.timelines import records
from local.board.timelines.assembly import Found
from local.board.timelines.entry import Entry
from local.board.timelines.runs import lines_of, runs_of

MOST_RECORDS = 500
MOST_PAGES = 5  # of messages of one entity
WITHOUT_RECORDS = frozenset({"leases", "idempotency"})
IN_QUEUE = ("active", "locked", "scheduled", "deferred")


async def gathered(app: web.Application, correlation_id: str) -> Found:
    found = Found(runs=runs_of(lines_of(correlation_id, app[keys.LOG].index)))
    items, held = await asyncio.gather(
        _or_nothing(_records(app[keys.COSMOS], correlation_id), found),
        _or_nothing(_held(app, correlation_id), found),
    )
    found.held = held
    for container, item in items:
        made = records.audited(container, item) or records.told(container, item)
        if made is not None:
            (found.audits if made.kind == "audit" else found.told).append(made)
    mailed = [audit for audit in found.audits if audit.capability == sent.NOTIFICATIONS]
    if mailed:
        found.sent = await _or_nothing(_sent(app, mailed), found)
    return found


async def _or_nothing(asking: Awaitable[list[Any]], found: Found) -> list[Any]:
    try:
        return await asking
    except PartDown as down:
        found.missing.add(down.part.removesuffix("_admin"))
    except Refused:
        pass  # there is no such container or entity any more
    return []


async def _records(account: Account, correlation_id: str) -> list[tuple[str, dict[str, Any]]]:
    names = {each["name"] for each in await containers_of(account, counted=False)}
    each = (_in_container(account, name, correlation_id) for name in names - WITHOUT_RECORDS)
    return [record for records in await asyncio.gather(*each) for record in records]


async def _in_container(
    account: Account, name: str, correlation_id: str
) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    async with told():
        items: Any = account.container(name).query_items(
            records.QUERY, parameters=[{"name": "@id", "value": correlation_id}]
        )
        async for item in items:
            found.append((name, item))
            if len(found) == MOST_RECORDS:
                break
    return found


async def _held(app: web.Application, correlation_id: str) -> list[Entry]:
    """Messages that wait or are dead, wherever there are any."""
    asked = [
        (str(entity["name"]), dead)
        for entity in await messages.listed(app)
        for dead in (False, True)
        if _has_any(entity, dead=dead)
    ]
    found = await asyncio.gather(*(_in_entity(app, *each, correlation_id) for each in asked))
    return [entry for entries in found for entry in entries]


def _has_any(entity: dict[str, Any], *, dead: bool) -> bool:
    names: Iterable[str] = ("dead_letters",) if dead else IN_QUEUE
    return any(entity.get(name) for name in names)


async def _in_entity(
    app: web.Application, entity: str, dead: bool, correlation_id: str
) -> list[Entry]:
    found: list[Entry] = []
    after = ""
    for _ in range(MOST_PAGES):
        page, following = await messages.peeked(app, entity, dead=dead, after=after)
        found += [
            records.held(each, dead=dead)
            for each in page
            if each.get("correlation_id") == correlation_id
        ]
        if following is None:
            break
        after = str(following)
    return found


async def _sent(app: web.Application, audits: list[Entry]) -> list[tuple[Entry, Entry]]:
    ids = records.ids_of_sent(audits)
    base = app[keys.SURROUNDINGS].url(sent.PART)
    return [
        (records.sent(message, sent.address(base, message)), ids[str(message.get("id"))])
        for message in await sent.recorded(app)
        if str(message.get("id")) in ids
    ]
