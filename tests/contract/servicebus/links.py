"""Shortcuts for tests: links opened side by side, since the SDK takes half a second for each."""

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from typing import TypeVar

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver, ServiceBusSender
from azure.servicebus.exceptions import ServiceBusError

AnyLink = TypeVar("AnyLink", ServiceBusSender, ServiceBusReceiver)
_closing: set[asyncio.Task[None]] = set()
SOON = 0.3  # seconds in which nothing more is expected to arrive


@asynccontextmanager
async def both(
    client: ServiceBusClient, queue: str
) -> AsyncIterator[tuple[ServiceBusSender, ServiceBusReceiver]]:
    """A sender and a receiver of one queue."""
    sender, receiver = client.get_queue_sender(queue), client.get_queue_receiver(queue)
    async with AsyncExitStack() as stack:
        await asyncio.gather(
            stack.enter_async_context(opened(sender)), stack.enter_async_context(opened(receiver))
        )
        yield sender, receiver


@asynccontextmanager
async def opened(link: AnyLink) -> AsyncIterator[AnyLink]:
    """Closed behind the test's back: that takes the SDK a second, most of it asleep.

    Where the closing itself matters, a test says `async with link` instead.
    """
    await link.__aenter__()
    try:
        yield link
    finally:
        closing = asyncio.create_task(link.close())
        _closing.add(closing)
        closing.add_done_callback(_closing.discard)


async def refused(link: AnyLink, error: type[ServiceBusError]) -> None:
    with pytest.raises(error):
        async with link:
            pass


async def all_closed() -> None:
    await asyncio.gather(*_closing)


@contextmanager
def sockets_left_open() -> Iterator[None]:
    """The SDK leaves the socket of a connection that died to the garbage collector."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


async def send(client: ServiceBusClient, queue: str, *messages: ServiceBusMessage) -> None:
    async with opened(client.get_queue_sender(queue)) as sender:
        await sender.send_messages(list(messages))


async def receive(
    receiver: ServiceBusReceiver, count: int, within_s: float = 5
) -> list[ServiceBusReceivedMessage]:
    """Exactly so many: one call of the SDK may bring fewer."""
    found: list[ServiceBusReceivedMessage] = []
    while len(found) < count:
        more = await receiver.receive_messages(count - len(found), max_wait_time=within_s)
        assert more, f"{len(found)} of {count} messages arrived"
        found += more
    return found


async def receive_one(receiver: ServiceBusReceiver) -> ServiceBusReceivedMessage:
    (message,) = await receive(receiver, 1)
    return message


async def nothing(receiver: ServiceBusReceiver) -> bool:
    return await receiver.receive_messages(max_wait_time=SOON) == []


async def until(true: Callable[[], bool], within_s: float = 100) -> None:
    """For what tells nobody that it has happened. On the hurried loop a second takes a tenth."""
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110 - that is what it is for
            await asyncio.sleep(0.01)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)
