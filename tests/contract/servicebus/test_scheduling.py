"""Scheduled messages and duplicates, through the SDK and a clock that is moved."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import ServiceBusError

from tests.contract.servicebus.entities import Unused
from tests.contract.servicebus.links import both, nothing, opened, receive, receive_one, seconds
from tests.contract.servicebus.moving import MovingBroker


async def test_scheduled_appears_on_time(
    moving: MovingBroker, moving_client: ServiceBusClient, unused: Unused
) -> None:
    at = datetime.now(UTC) + timedelta(hours=24 * 365)
    async with both(moving_client, unused("plain")) as (sender, receiver):
        kept, cancelled = await sender.schedule_messages(
            [ServiceBusMessage("kept"), ServiceBusMessage("cancelled")], at
        )
        await sender.cancel_scheduled_messages(cancelled)
        with pytest.raises(ServiceBusError):
            await sender.cancel_scheduled_messages(cancelled)
        assert [str(m) for m in await receiver.peek_messages(5)] == ["kept"]
        assert await nothing(receiver)
        (due,) = await receiver.peek_messages(1, sequence_number=kept)
        assert due.scheduled_enqueue_time_utc is not None


async def test_scheduled_is_received_when_due(
    moving: MovingBroker, moving_client: ServiceBusClient, unused: Unused
) -> None:
    async with both(moving_client, unused("plain")) as (sender, receiver):
        at = datetime.fromtimestamp(moving.namespace.schedule.now() / 1000, UTC) + seconds(40)
        (number,) = await sender.schedule_messages(ServiceBusMessage("due"), at)
        assert await nothing(receiver)
        moving.advance(41)
        message = await receive_one(receiver)
        assert (str(message), message.sequence_number) == ("due", number)


async def test_scheduled_on_a_topic(
    moving: MovingBroker, moving_client: ServiceBusClient, unused: Unused
) -> None:
    topic = unused("topic")
    at = datetime.fromtimestamp(moving.namespace.schedule.now() / 1000, UTC) + seconds(40)
    async with opened(moving_client.get_topic_sender(topic)) as sender:
        _, gone = await sender.schedule_messages(
            [ServiceBusMessage("due", subject="red"), ServiceBusMessage("gone", subject="red")], at
        )
        await sender.cancel_scheduled_messages(gone)
        with pytest.raises(ServiceBusError):
            await sender.cancel_scheduled_messages(gone)
    async with opened(moving_client.get_subscription_receiver(topic, "red")) as receiver:
        assert await receiver.peek_messages(1) == []
        moving.advance(41)
        assert str(await receive_one(receiver)) == "due"
        assert await nothing(receiver)


async def test_duplicates_are_taken_once(
    moving: MovingBroker, moving_client: ServiceBusClient, unused: Unused
) -> None:
    async with both(moving_client, unused("unique")) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("1", message_id="same"))
        await sender.send_messages(
            [ServiceBusMessage("2", message_id="same"), ServiceBusMessage("3", message_id="other")]
        )
        one, three = await receive(receiver, 2)
        assert [str(one), str(three)] == ["1", "3"]
        await receiver.complete_message(one)
        await sender.send_messages(ServiceBusMessage("4", message_id="same"))
        assert await nothing(receiver)  # completing does not make it new
        moving.advance(601)
        await sender.send_messages(ServiceBusMessage("5", message_id="same"))
        assert "5" in [str(message) for message in await receive(receiver, 2)]


async def test_duplicates_on_a_topic(client: ServiceBusClient, unused: Unused) -> None:
    topic, same = unused("unique-topic"), str(uuid4())
    async with opened(client.get_topic_sender(topic)) as sender:
        for _ in range(2):
            await sender.send_messages(ServiceBusMessage("1", message_id=same))
    async with opened(client.get_subscription_receiver(topic, "all")) as receiver:
        assert len(await receiver.peek_messages(5)) == 1
