"""Keeping a lock while a function works: renew it before it ends, but not for ever."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusReceiver
from azure.servicebus.exceptions import ServiceBusError

from local.host import logs

# Renewed when a third of the time is left, so that one slow answer does not lose it.
USED_BEFORE_RENEWAL = 2 / 3

LockedUntil = Callable[[], datetime | None]
Renew = Callable[[], Awaitable[object]]


@asynccontextmanager
async def kept(locked_until: LockedUntil, renew: Renew, *, at_most_s: float) -> AsyncIterator[None]:
    """Hold a lock for the length of the block, or `at_most_s` seconds if that is shorter."""
    task = asyncio.create_task(_renew_again_and_again(locked_until, renew, at_most_s))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _renew_again_and_again(locked_until: LockedUntil, renew: Renew, at_most_s: float) -> None:
    clock = asyncio.get_running_loop().time
    ends = clock() + at_most_s
    while True:
        until = locked_until()
        if until is None:
            return
        left_s = (until - datetime.now(UTC)).total_seconds()
        await asyncio.sleep(max(left_s * USED_BEFORE_RENEWAL, 0.05))
        if clock() >= ends:
            return
        try:
            await renew()
        except (ServiceBusError, ValueError, OSError) as error:
            # The lock will be lost; settling says so, and the message comes again.
            logs.warn("lock not renewed", error=str(error))
            return


@asynccontextmanager
async def kept_for_all(
    receiver: ServiceBusReceiver, messages: Sequence[ServiceBusReceivedMessage], *, at_most_s: float
) -> AsyncIterator[None]:
    """Hold the lock of every message for the length of the block."""

    async def renew() -> None:
        for message in messages:
            await receiver.renew_message_lock(message)

    def first_to_end() -> datetime | None:
        ends = [each.locked_until_utc for each in messages if each.locked_until_utc]
        return min(ends, default=None)

    async with kept(first_to_end, renew, at_most_s=at_most_s):
        yield
