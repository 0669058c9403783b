"""The two flavours of the SDK under one way of calling, so that each test holds for both."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, cast

import azure.servicebus
from azure.servicebus import _servicebus_receiver, _servicebus_sender
from azure.servicebus._pyamqp import client as pyamqp_client
from azure.servicebus.aio import ServiceBusClient

from tests.contract.servicebus.hurried import HURRY

FLAVOURS = ("aio", "sync")
_POLLING = (_servicebus_sender, _servicebus_receiver, pyamqp_client)


class OnThread:
    """A synchronous object that is called like its asynchronous twin: each call on a thread."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name.startswith(("get_queue_", "get_topic_", "get_subscription_")):
            return lambda *given, **named: OnThread(found(*given, **named))
        if name.startswith("list_"):
            return lambda *given, **named: _listed(found, given, named)
        if name == "session":
            return OnThread(found)
        if not callable(found):
            return found

        async def call(*given: Any, **named: Any) -> Any:
            return await asyncio.to_thread(found, *given, **named)

        return call

    async def __aenter__(self) -> "OnThread":
        await asyncio.to_thread(self._inner.__enter__)
        return self

    async def __aexit__(self, *error: object) -> None:
        await asyncio.to_thread(self._inner.__exit__, *error)


async def _listed(
    found: Callable[..., Iterable[Any]], given: tuple[Any, ...], named: dict[str, Any]
) -> AsyncIterator[Any]:
    for item in await asyncio.to_thread(lambda: list(found(*given, **named))):
        yield item


class _Hurried:
    """The time module, with shorter sleeps."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / HURRY)


@contextmanager
def hurried_polling() -> Iterator[None]:
    """The synchronous SDK sleeps between looks at its sockets; no test is about that."""
    before = [vars(module)["time"] for module in _POLLING]
    for module in _POLLING:
        vars(module)["time"] = _Hurried()
    try:
        yield
    finally:
        for module, clock in zip(_POLLING, before, strict=True):
            vars(module)["time"] = clock


@asynccontextmanager
async def opened_client(connection: str, flavour: str) -> AsyncIterator[ServiceBusClient]:
    if flavour == "aio":
        async with ServiceBusClient.from_connection_string(connection, retry_total=0) as client:
            yield client
        return
    inner = azure.servicebus.ServiceBusClient.from_connection_string(connection, retry_total=0)
    with hurried_polling():
        async with cast(ServiceBusClient, OnThread(inner)) as wrapped:
            yield wrapped
