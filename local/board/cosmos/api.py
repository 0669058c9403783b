"""`/api/containers` and `/api/query`."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from local.board import keys
from local.board.answers import Refused, answer, body_of
from local.board.cosmos.account import Account, told
from local.board.cosmos.asking import page_of
from local.board.cosmos.query import query

COUNT = "SELECT VALUE COUNT(1) FROM c"


async def containers(request: web.Request) -> web.Response:
    return answer({"items": await listed(request.app[keys.COSMOS])})


async def ask(request: web.Request) -> web.Response:
    asked = query(await body_of(request))
    return answer(await page_of(request.app[keys.COSMOS], asked))


async def listed(account: Account, *, counted: bool = True) -> list[dict[str, Any]]:
    """Every container of every database. Raises PartDown."""
    async with told():
        databases = [each["id"] async for each in account.client.list_databases()]
        found = [
            (database, properties)
            for database in databases
            async for properties in account.client.get_database_client(database).list_containers()
        ]
    counts = await asyncio.gather(
        *(_count(account, database, each["id"]) for database, each in found if counted)
    )
    return [
        _shown(database, properties, counts[position] if counted else None)
        for position, (database, properties) in enumerate(found)
    ]


async def _count(account: Account, database: str, name: str) -> int | None:
    """None where counting takes too long."""
    try:
        async with told():
            items: Any = account.container(name, database).query_items(COUNT)
            return sum([int(count) async for count in items])
    except Refused:
        return None


def _shown(database: str, properties: Mapping[str, Any], count: int | None) -> dict[str, Any]:
    return {
        "database": database,
        "name": properties["id"],
        "partition_key": properties.get("partitionKey", {}).get("paths", []),
        "items": count,
        "default_ttl_s": properties.get("defaultTtl"),
    }


ROUTES = [web.get("/api/containers", containers), web.post("/api/query", ask)]
