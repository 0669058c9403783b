"""Batches that wait for enough messages, but not for ever: on a loop whose time is moved."""

import asyncio
from typing import Any

import pytest

from local.host.servicebus import batches
from local.host.servicebus.options import ServiceBusOptions
from local.host.stopping import Stop


class Receiver:
    """Gives what it was told to, one reply for each call, and notes what it was asked for."""

    def __init__(self, *replies: int) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[int, float]] = []

    async def receive_messages(self, at_most: int, max_wait_time: float) -> list[Any]:
        self.asked.append((at_most, round(max_wait_time, 2)))
        count = min(self.replies.pop(0), at_most) if self.replies else 0
        if not count:
            await asyncio.sleep(max_wait_time)
        return [object()] * count


async def more(receiver: Receiver, held: int, *, stop: Stop | None = None, **options: Any) -> int:
    given = ServiceBusOptions(**options)
    found = await batches.more(receiver, held, given, stop or Stop(), poll_s=0.05)  # type: ignore[arg-type] # the part of a receiver that is used
    return len(found)


async def test_one_is_enough_unless_more_are_wanted() -> None:
    receiver = Receiver(5)
    assert await more(receiver, 1) == 0
    assert receiver.asked == []


async def test_it_waits_until_there_are_enough_and_takes_no_more_than_fit() -> None:
    receiver = Receiver(1, 0, 9)
    assert await more(receiver, 1, min_message_batch_size=4, max_message_batch_size=6) == 5
    assert [count for count, _ in receiver.asked] == [5, 4, 4]


async def test_it_goes_without_when_the_wait_is_over() -> None:
    receiver = Receiver(1)
    began = asyncio.get_running_loop().time()
    assert await more(receiver, 1, min_message_batch_size=9, max_batch_wait_s=0.12) == 1
    assert asyncio.get_running_loop().time() - began < 2
    assert sum(wait_s for _, wait_s in receiver.asked[1:]) == pytest.approx(0.12, abs=0.05)


async def test_a_stop_ends_the_waiting() -> None:
    stop, receiver = Stop(), Receiver()
    stop.ask()
    assert await more(receiver, 1, stop=stop, min_message_batch_size=9) == 0
    assert receiver.asked == []
