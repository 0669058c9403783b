"""Locks, lives and tokens that run out, through the SDK and a clock that is moved."""

import asyncio
from pathlib import Path

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import (
    MessageLockLostError,
    ServiceBusError,
    SessionLockLostError,
)

from tests.contract.servicebus.entities import Unused
from tests.contract.servicebus.links import both, nothing, opened, receive_one, seconds, send
from tests.contract.servicebus.moving import MovingBroker, moving_broker


async def test_a_lost_lock_settles_nothing(
    moving: MovingBroker, moving_client: ServiceBusClient, unused: Unused
) -> None:
    """The SDK believes the lock alive: it is the broker that refuses."""
    async with both(moving_client, unused("plain")) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("x"))
        late = await receive_one(receiver)
        moving.advance(61)
        with pytest.raises(MessageLockLostError):
            await receiver.renew_message_lock(late)
        with pytest.raises(MessageLockLostError):
            await receiver.complete_message(late)
        again = await receive_one(receiver)
        assert (str(again), again.delivery_count) == ("x", 1)
        await receiver.complete_message(again)
        assert await nothing(receiver)


async def test_a_renewed_lock_lasts(
    moving: MovingBroker, moving_client: ServiceBusClient, unused: Unused
) -> None:
    async with both(moving_client, unused("plain")) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("x"))
        message = await receive_one(receiver)
        ends = []
        for _ in range(3):
            moving.advance(40)
            ends.append(await receiver.renew_message_lock(message))
        assert sorted(set(ends)) == ends
        await receiver.complete_message(message)
        assert await receiver.peek_messages(1) == []


async def test_a_lost_session_is_another_ones(
    moving: MovingBroker, moving_client: ServiceBusClient, unused: Unused
) -> None:
    queue = unused("session")
    await send(moving_client, queue, ServiceBusMessage("a", session_id="A"))
    async with opened(moving_client.get_queue_receiver(queue, session_id="A")) as receiver:
        message = await receive_one(receiver)
        moving.advance(61)
        with pytest.raises(ServiceBusError) as lost:
            await receiver.session.set_state(b"too late")
        assert isinstance(lost.value, SessionLockLostError)
        with pytest.raises(ServiceBusError):
            await receiver.complete_message(message)
    async with opened(moving_client.get_queue_receiver(queue, session_id="A")) as receiver:
        again = await receive_one(receiver)
        assert (str(again), again.delivery_count) == ("a", 1)
        assert await receiver.session.get_state() is None
        await receiver.complete_message(again)


async def test_a_renewed_session_keeps_its_messages(
    moving: MovingBroker, moving_client: ServiceBusClient, unused: Unused
) -> None:
    queue = unused("session")
    await send(moving_client, queue, ServiceBusMessage("a", session_id="A"))
    async with opened(moving_client.get_queue_receiver(queue, session_id="A")) as receiver:
        message = await receive_one(receiver)
        for _ in range(3):
            moving.advance(40)
            await receiver.session.renew_lock()
        await receiver.complete_message(message)
        assert await receiver.peek_messages(1) == []


async def test_messages_have_a_life(
    moving: MovingBroker, moving_client: ServiceBusClient, unused: Unused
) -> None:
    buried, gone = unused("mortal"), unused("plain")
    message = ServiceBusMessage("x", time_to_live=seconds(30))
    await asyncio.gather(*[send(moving_client, queue, message) for queue in (buried, gone)])
    async with opened(moving_client.get_queue_receiver(buried)) as receiver:
        (seen,) = await receiver.peek_messages(1)
        assert seen.time_to_live == seconds(30)
        moving.advance(31)
        assert await nothing(receiver)
    async with opened(moving_client.get_queue_receiver(buried, sub_queue="deadletter")) as receiver:
        dead = await receive_one(receiver)
        assert dead.dead_letter_reason == "TTLExpiredException"
        await receiver.complete_message(dead)
    async with opened(moving_client.get_queue_receiver(gone)) as receiver:
        assert await receiver.peek_messages(1) == []


async def test_an_expired_token_ends_the_link(topology: Path) -> None:
    with moving_broker(topology) as broker:
        async with (
            ServiceBusClient.from_connection_string(
                broker.connection_string, retry_total=0
            ) as client,
            client.get_queue_sender("plain-0") as sender,
        ):
            await sender.send_messages(ServiceBusMessage("in time"))
            broker.advance(2 * 3600)  # the SDK's tokens live for an hour
            with pytest.raises(ServiceBusError):
                await sender.send_messages(ServiceBusMessage("too late"))
        assert len(broker.namespace.find_queue("plain-0").messages) == 1
