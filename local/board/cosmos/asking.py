"""Runs a query: one page, its request charge, and where the next page begins."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from local.board.cosmos.account import Account, told
from local.board.cosmos.query import FURTHEST, Cursor, Query

PATIENCE_S = 10.0
LARGEST_PAGE = 8 * 1024 * 1024  # a page of documents of 2 MB each would drown a browser
CHARGE = "x-ms-request-charge"


@dataclass
class Charge:
    """Request units of all that one page took."""

    units: float = 0.0

    def __call__(self, headers: Mapping[str, str], _body: object) -> None:
        self.units += float(headers.get(CHARGE, 0) or 0)


@dataclass
class Page:
    items: list[Any] = field(default_factory=list)
    cursor: Cursor | None = None


async def page_of(account: Account, query: Query) -> dict[str, Any]:
    """As `/api/query` answers. Raises Refused with the service's message, or PartDown."""
    began, charge = time.perf_counter(), Charge()
    async with told(PATIENCE_S):
        page = await (_counted if query.is_counted else _continued)(account, query, charge)
    return {
        "items": page.items,
        "cursor": page.cursor.text() if page.cursor else None,
        "request_charge": round(charge.units, 2),
        "duration_ms": round((time.perf_counter() - began) * 1000, 2),
    }


async def _continued(account: Account, query: Query, charge: Charge) -> Page:
    """By the service's own token. Fewer items at a time where they are large."""
    limit = query.limit
    while True:
        pages = _items(account, query, limit, charge).by_page(query.cursor.token)
        items: list[Any] = []
        async for page in pages:
            items = [item async for item in page]
            break
        if limit == 1 or _size(items) <= LARGEST_PAGE:
            token = pages.continuation_token
            return Page(items, Cursor(token) if token else None)
        limit = max(1, limit // 4)


async def _counted(account: Account, query: Query, charge: Charge) -> Page:
    """From the beginning each time, without those that were given already."""
    page, size, number = Page(), 0, 0
    last = query.cursor.given + query.limit
    async for item in _items(account, query, query.limit, charge):
        if number >= query.cursor.given:
            size += _size(item)
            if page.items and (number >= last or size > LARGEST_PAGE):
                page.cursor = Cursor(given=number) if number <= FURTHEST else None
                break
            page.items.append(item)
        number += 1
    return page


def _items(account: Account, query: Query, limit: int, charge: Charge) -> Any:
    container = account.container(query.container, query.database)
    one: dict[str, Any] = (
        {} if query.partition_key is None else {"partition_key": query.partition_key}
    )
    return container.query_items(
        query.text,
        parameters=query.parameters,
        max_item_count=limit,
        response_hook=charge,
        **one,
    )


def _size(found: Any) -> int:
    return len(orjson.dumps(found, default=str))
