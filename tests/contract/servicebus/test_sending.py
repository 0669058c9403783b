"""What is sent arrives, whole and unchanged, in every way in which the SDK sends."""

from uuid import UUID, uuid4

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusReceiveMode
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import MessageSizeExceededError

from tests.contract.servicebus.entities import Unused
from tests.contract.servicebus.links import both, nothing, opened, receive, receive_one, send


async def test_all_properties_survive(client: ServiceBusClient, unused: Unused) -> None:
    properties: dict[str | bytes, int | float | bytes | bool | str | UUID] = {
        "i": 7,
        "f": 1.5,
        "b": True,
        "s": "é",
        "u": uuid4(),
    }
    message_id = str(uuid4())
    async with both(client, unused("plain")) as (sender, receiver):
        await sender.send_messages(
            ServiceBusMessage(
                b"\x00\xffbinary",
                message_id=message_id,
                correlation_id="c",
                subject="s",
                content_type="application/json",
                reply_to="r",
                to="t",
                application_properties=properties,
            )
        )
        message = await receive_one(receiver)
        assert b"".join(message.body) == b"\x00\xffbinary"
        assert (message.message_id, message.correlation_id) == (message_id, "c")
        assert (message.subject, message.content_type) == ("s", "application/json")
        assert (message.reply_to, message.to) == ("r", "t")
        received = message.application_properties or {}
        assert received == {
            b"i": 7,
            b"f": 1.5,
            b"b": True,
            b"s": "é".encode(),
            b"u": properties["u"],
        }
        assert message.delivery_count == 0
        assert (message.sequence_number or 0) > 0
        await receiver.complete_message(message)
        assert await nothing(receiver)


async def test_an_empty_body_arrives(client: ServiceBusClient, unused: Unused) -> None:
    async with both(client, unused("plain")) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage(b""))
        assert b"".join((await receive_one(receiver)).body) == b""


async def test_batches_and_many_frames_arrive_in_order(
    client: ServiceBusClient, unused: Unused
) -> None:
    async with both(client, unused("large")) as (sender, receiver):
        batch = await sender.create_message_batch()
        for number in range(50):
            batch.add_message(ServiceBusMessage(f"{number}", application_properties={"n": number}))
        await sender.send_messages(batch)
        await sender.send_messages([ServiceBusMessage("list-1"), ServiceBusMessage("list-2")])
        await sender.send_messages(ServiceBusMessage(b"x" * 900_000))
        messages = await receive(receiver, 53)
    assert [str(message) for message in messages[:50]] == [str(number) for number in range(50)]
    assert [str(message) for message in messages[50:52]] == ["list-1", "list-2"]
    assert len(b"".join(messages[52].body)) == 900_000


async def test_too_large_is_refused_and_the_link_lives_on(
    client: ServiceBusClient, unused: Unused
) -> None:
    queue = unused("plain")
    async with opened(client.get_queue_sender(queue)) as sender:
        with pytest.raises(MessageSizeExceededError):
            await sender.send_messages(ServiceBusMessage(b"x" * 300_000))
        await sender.send_messages(ServiceBusMessage("small"))
    async with opened(client.get_queue_receiver(queue)) as receiver:
        assert str(await receive_one(receiver)) == "small"


async def test_receive_and_delete_with_prefetch(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("plain")
    await send(client, queue, *[ServiceBusMessage(f"{number}") for number in range(5)])
    async with opened(
        client.get_queue_receiver(
            queue, receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE, prefetch_count=10
        )
    ) as receiver:
        assert [str(message) for message in await receive(receiver, 5)] == list("01234")
        assert await receiver.peek_messages(1) == []


async def test_more_than_one_window_of_messages(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("plain")
    async with opened(client.get_queue_sender(queue)) as sender:
        for _ in range(12):
            await sender.send_messages([ServiceBusMessage(b"x") for _ in range(500)])
    async with opened(
        client.get_queue_receiver(
            queue, receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE, prefetch_count=2000
        )
    ) as receiver:
        messages = await receive(receiver, 6000)
    numbers = [message.sequence_number or 0 for message in messages]
    assert numbers == sorted(set(numbers))
