"""What a receiver can do with a message that it holds, and what that does to the message."""

import asyncio

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import ServiceBusError

from tests.contract.servicebus.entities import Unused
from tests.contract.servicebus.links import both, nothing, opened, receive, receive_one, send


async def test_abandoned_too_often_is_dead(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("few")
    async with both(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("poison"))
        for count in range(2):
            message = await receive_one(receiver)
            assert message.delivery_count == count
            await receiver.abandon_message(message)
        assert await nothing(receiver)
    async with opened(
        client.get_queue_receiver(queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER)
    ) as receiver:
        message = await receive_one(receiver)
        assert message.dead_letter_reason == "MaxDeliveryCountExceeded"
        assert message.dead_letter_source == queue
        await receiver.complete_message(message)
        assert await receiver.peek_messages(1) == []


async def test_dead_letter_with_reason(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("plain")
    async with both(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("bad", application_properties={"k": "v"}))
        message = await receive_one(receiver)
        await receiver.dead_letter_message(message, reason="Poison", error_description="no JSON")
    async with opened(client.get_queue_receiver(queue, sub_queue="deadletter")) as receiver:
        message = await receive_one(receiver)
        assert message.dead_letter_reason == "Poison"
        assert message.dead_letter_error_description == "no JSON"
        assert (message.application_properties or {})[b"k"] == b"v"
        assert str(message) == "bad"
        await receiver.abandon_message(message)
        again = await receive_one(receiver)
        assert again.dead_letter_reason == "Poison"
        await receiver.complete_message(again)


async def test_deferred_comes_only_by_number(client: ServiceBusClient, unused: Unused) -> None:
    async with both(client, unused("plain")) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("later"))
        message = await receive_one(receiver)
        number = message.sequence_number or 0
        await receiver.defer_message(message)
        assert await nothing(receiver)
        (deferred,) = await receiver.receive_deferred_messages(number)
        assert str(deferred) == "later"
        await receiver.renew_message_lock(deferred)
        await receiver.abandon_message(deferred)
        (deferred,) = await receiver.receive_deferred_messages(number)
        assert deferred.delivery_count == 2  # once by deferring, once by abandoning
        await receiver.complete_message(deferred)
        with pytest.raises(ServiceBusError):
            await receiver.receive_deferred_messages(number)


async def test_deferred_can_be_dead_lettered(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("plain")
    async with both(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("later"))
        message = await receive_one(receiver)
        await receiver.defer_message(message)
        (deferred,) = await receiver.receive_deferred_messages(message.sequence_number or 0)
        await receiver.dead_letter_message(deferred, reason="R", error_description="D")
    async with opened(client.get_queue_receiver(queue, sub_queue="deadletter")) as receiver:
        dead = await receive_one(receiver)
        assert (dead.dead_letter_reason, dead.dead_letter_error_description) == ("R", "D")
        await receiver.complete_message(dead)


async def test_peek_pages_and_takes_nothing(client: ServiceBusClient, unused: Unused) -> None:
    async with both(client, unused("plain")) as (sender, receiver):
        await sender.send_messages([ServiceBusMessage(f"{number}") for number in range(5)])
        assert [str(m) for m in await receiver.peek_messages(3)] == ["0", "1", "2"]
        assert [str(m) for m in await receiver.peek_messages(3)] == ["3", "4"]
        assert await receiver.peek_messages(3) == []
        assert len(await receive(receiver, 5)) == 5


async def test_competing_consumers_share(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("plain")
    await send(client, queue, *[ServiceBusMessage(f"{number}") for number in range(10)])
    async with (
        opened(client.get_queue_receiver(queue)) as one,
        opened(client.get_queue_receiver(queue)) as two,
    ):
        first, second = await asyncio.gather(receive(one, 5), receive(two, 5))
    assert {str(m) for m in first} | {str(m) for m in second} == set("0123456789")


async def test_unread_messages_go_back_uncounted(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("plain")
    await send(client, queue, *[ServiceBusMessage(f"{number}") for number in range(5)])
    async with client.get_queue_receiver(queue, prefetch_count=5) as receiver:
        await receiver.complete_message(await receive_one(receiver))
    async with opened(client.get_queue_receiver(queue)) as receiver:
        rest = await receive(receiver, 4)
    assert [str(message) for message in rest] == ["1", "2", "3", "4"]
    assert {message.delivery_count for message in rest} == {0}
