"""Sessions: one receiver at a time, in order, with a state that outlives it."""

import asyncio
from collections.abc import AsyncIterable
from datetime import UTC, datetime, timedelta

import pytest
from azure.servicebus import NEXT_AVAILABLE_SESSION, ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import (
    OperationTimeoutError,
    ServiceBusError,
    SessionCannotBeLockedError,
)

from tests.contract.servicebus.entities import Unused
from tests.contract.servicebus.links import opened, receive, receive_one, refused, send


def message(body: str, session: str) -> ServiceBusMessage:
    return ServiceBusMessage(body, session_id=session)


async def listed(sessions: AsyncIterable[str]) -> list[str]:
    return [session async for session in sessions]


async def test_each_session_in_order_and_alone(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("session")
    await send(client, queue, message("a1", "A"), message("b1", "B"), message("a2", "A"))
    async with opened(client.get_queue_receiver(queue, session_id="A")) as a:
        assert a.session.session_id == "A"
        with pytest.raises(SessionCannotBeLockedError):
            async with client.get_queue_receiver(queue, session_id="A"):
                pass
        async with opened(
            client.get_queue_receiver(queue, session_id=NEXT_AVAILABLE_SESSION, max_wait_time=2)
        ) as other:
            assert other.session.session_id == "B"
            assert str(await receive_one(other)) == "b1"
        got = await receive(a, 2)
        assert [str(m) for m in got] == ["a1", "a2"]
        await a.abandon_message(got[1])
        await a.abandon_message(got[0])
        again = await receive(a, 2)
        assert [(str(m), m.delivery_count) for m in again] == [("a1", 1), ("a2", 1)]


async def test_state_is_kept(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("session")
    async with client.get_queue_receiver(queue, session_id="S") as receiver:
        assert await receiver.session.get_state() is None
        await receiver.session.set_state(b"step-1")
        assert await receiver.session.renew_lock() == receiver.session.locked_until_utc
    async with opened(client.get_queue_receiver(queue, session_id="S")) as receiver:
        assert await receiver.session.get_state() == b"step-1"
        await receiver.session.set_state(None)
        assert await receiver.session.get_state() is None


async def test_next_session_is_waited_for(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("session")

    async def accept() -> str:
        async with opened(
            client.get_queue_receiver(queue, session_id=NEXT_AVAILABLE_SESSION, max_wait_time=20)
        ) as receiver:
            assert str(await receive_one(receiver)) == "late"
            return receiver.session.session_id

    waiting = asyncio.create_task(accept())
    await send(client, queue, message("late", "Z"))
    assert await waiting == "Z"


async def test_waiting_for_a_session_ends(client: ServiceBusClient, unused: Unused) -> None:
    with pytest.raises(OperationTimeoutError):
        async with client.get_queue_receiver(
            unused("session"), session_id=NEXT_AVAILABLE_SESSION, max_wait_time=1
        ):
            pass


async def test_sessions_are_listed(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("session")
    await send(client, queue, message("b", "B"), message("a", "A"))
    async with opened(client.get_queue_receiver(queue, session_id="C")) as receiver:
        await receiver.session.set_state(b"state alone")
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    found = await asyncio.gather(
        listed(client.list_queue_sessions(queue)),
        listed(client.list_queue_sessions(queue, state_updated_after=hour_ago)),
        listed(client.list_queue_sessions(unused("session"))),
    )
    assert list(found) == [["A", "B", "C"], ["C"], []]


async def test_session_guards(client: ServiceBusClient, unused: Unused) -> None:
    sessions, plain = unused("session"), unused("plain")
    await asyncio.gather(
        refused(client.get_queue_receiver(sessions), ServiceBusError),
        refused(client.get_queue_receiver(plain, session_id="x"), ServiceBusError),
    )
    with pytest.raises(ServiceBusError):
        await send(client, sessions, message("a", "A"), ServiceBusMessage("no session"))
    assert await listed(client.list_queue_sessions(sessions)) == []  # all or none


async def test_dead_letters_need_no_session(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("session")
    await send(client, queue, message("a", "A"))
    async with opened(client.get_queue_receiver(queue, session_id="A")) as receiver:
        await receiver.dead_letter_message(await receive_one(receiver), reason="R")
    async with opened(client.get_queue_receiver(queue, sub_queue="deadletter")) as receiver:
        dead = await receive_one(receiver)
        assert (str(dead), dead.session_id) == ("a", "A")
        await receiver.complete_message(dead)


async def test_deferred_within_a_session(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("session")
    await send(client, queue, message("a", "A"))
    async with opened(client.get_queue_receiver(queue, session_id="A")) as receiver:
        first = await receive_one(receiver)
        await receiver.defer_message(first)
        (deferred,) = await receiver.receive_deferred_messages(first.sequence_number or 0)
        assert str(deferred) == "a"
        await receiver.complete_message(deferred)
        assert await receiver.peek_messages(1) == []
