"""Keeping a lock: renewed before it ends, not for ever, and let go when the work is done."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from azure.servicebus.exceptions import ServiceBusError

from local.host.servicebus.locks import kept

# A loop of their own: they wait for every other task of theirs.
pytestmark = pytest.mark.asyncio(loop_scope="function")


class Lock:
    """A lock of `length_s` that counts how often it was renewed."""

    def __init__(self, length_s: float, *, breaks: bool = False) -> None:
        self.length = timedelta(seconds=length_s)
        self.until: datetime | None = datetime.now(UTC) + self.length
        self.breaks = breaks
        self.renewed = asyncio.Queue[datetime]()

    async def renew(self) -> None:
        if self.breaks:
            self.renewed.put_nowait(datetime.now(UTC))
            raise ServiceBusError("the lock is lost")
        was, self.until = self.until, datetime.now(UTC) + self.length
        assert was is not None
        self.renewed.put_nowait(was)


async def test_it_is_renewed_again_and_again_before_it_ends() -> None:
    lock = Lock(0.3)
    async with kept(lambda: lock.until, lock.renew, at_most_s=60):
        for _ in range(3):
            ended_at = await asyncio.wait_for(lock.renewed.get(), 5)
            assert ended_at is not None
    assert lock.renewed.empty()


async def test_it_is_not_renewed_for_longer_than_allowed() -> None:
    lock = Lock(0.15)
    async with kept(lambda: lock.until, lock.renew, at_most_s=0.25) as _:
        await asyncio.wait_for(lock.renewed.get(), 5)

        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), 5)
    assert lock.renewed.qsize() <= 1


async def test_a_renewal_that_fails_is_not_repeated_and_does_not_break_the_work() -> None:
    lock = Lock(0.1, breaks=True)
    async with kept(lambda: lock.until, lock.renew, at_most_s=60):
        await asyncio.wait_for(lock.renewed.get(), 5)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), 5)
        assert lock.renewed.empty()


async def test_what_is_not_locked_is_left_alone() -> None:
    lock = Lock(0.1)
    lock.until = None
    async with kept(lambda: lock.until, lock.renew, at_most_s=60):
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), 5)
    assert lock.renewed.empty()
