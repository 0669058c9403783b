"""Both of Microsoft's clients behind one shape: the synchronous one, made to look asynchronous."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any, cast

from azure.cosmos import ContainerProxy, CosmosClient, DatabaseProxy, ScriptsProxy
from azure.cosmos import aio as asynchronous

_LISTS = frozenset(
    {
        "query_items",
        "read_all_items",
        "query_items_change_feed",
        "read_feed_ranges",
        "list_databases",
        "query_databases",
        "list_containers",
        "query_containers",
        "list_stored_procedures",
    }
)
_WITHOUT_IO = frozenset({"get_database_client", "get_container_client"})
_ITS_OWN = CosmosClient | DatabaseProxy | ContainerProxy | ScriptsProxy
_TARGETS = ("partition_key", "feed_range", "enable_cross_partition_query")


def as_asynchronous(client: CosmosClient) -> asynchronous.CosmosClient:
    """Every call runs in a thread of its own, so that many can be under way at once."""
    return cast("asynchronous.CosmosClient", _Awaited(client))


class _Awaited:
    """A synchronous client or one of its parts. What it gives is wrapped in the same way."""

    def __init__(self, part: Any) -> None:
        self._part = part

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._part, name)
        if not callable(member):
            return _wrapped(member)
        if name in _WITHOUT_IO:
            return lambda *given, **options: _wrapped(member(*given, **options))
        if name in _LISTS:
            return lambda *given, **options: _Rows(member, name, given, options)
        return _in_a_thread(member)


def _in_a_thread(method: Callable[..., Any]) -> Callable[..., Any]:
    async def call(*given: Any, **options: Any) -> Any:
        return _wrapped(await asyncio.to_thread(method, *given, **options))

    return call


def _wrapped(value: Any) -> Any:
    return _Awaited(value) if isinstance(value, _ITS_OWN) else value


class _Rows:
    """What a client lists: as rows, or page by page."""

    def __init__(
        self, method: Callable[..., Any], name: str, given: tuple[Any, ...], options: dict[str, Any]
    ) -> None:
        # This client has to be told that a query may cross partitions; the other always may.
        if name == "query_items" and not any(target in options for target in _TARGETS):
            options = {**options, "enable_cross_partition_query": True}
        self._ask: Callable[[], Any] = lambda: method(*given, **options)

    async def __aiter__(self) -> AsyncIterator[Any]:
        for row in await asyncio.to_thread(lambda: list(self._ask())):
            yield row

    def by_page(self, token: str | None = None) -> "_Pages":
        return _Pages(self._ask().by_page(token))


class _Pages:
    """Its pages, and the token to go on with after the last one given."""

    def __init__(self, pages: Iterator[Iterable[Any]]) -> None:
        self._pages = pages

    @property
    def continuation_token(self) -> str | None:
        token: str | None = getattr(self._pages, "continuation_token", None)
        return token

    def __aiter__(self) -> "_Pages":
        return self

    async def __anext__(self) -> AsyncIterator[Any]:
        page = await asyncio.to_thread(self._next)
        if page is None:
            raise StopAsyncIteration
        return _each(page)

    def _next(self) -> list[Any] | None:
        page = next(self._pages, None)
        return None if page is None else list(page)


async def _each(rows: list[Any]) -> AsyncIterator[Any]:
    for row in rows:
        yield row
