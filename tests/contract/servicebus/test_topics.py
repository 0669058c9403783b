"""Topics: every subscription gets what its filter takes, and each has a life of its own."""

import asyncio

from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import MessagingEntityNotFoundError, ServiceBusError

from tests.contract.servicebus.entities import Unused
from tests.contract.servicebus.links import opened, receive_one, refused


async def peeked(client: ServiceBusClient, topic: str, subscription: str) -> list[str]:
    async with opened(client.get_subscription_receiver(topic, subscription)) as receiver:
        return [str(message) for message in await receiver.peek_messages(10)]


async def test_filters_decide(client: ServiceBusClient, unused: Unused) -> None:
    topic = unused("topic")
    async with opened(client.get_topic_sender(topic)) as sender:
        await sender.send_messages(
            [
                ServiceBusMessage(
                    "1", subject="red", application_properties={"kind": "a", "weight": 11}
                ),
                ServiceBusMessage("2", subject="blue", correlation_id="c-1"),
                ServiceBusMessage("3", subject="red", correlation_id="c-1"),
                ServiceBusMessage("4", subject="Red", application_properties={"kind": "b"}),
                ServiceBusMessage("5"),
            ]
        )
    names = ("all", "red", "kind", "both", "sql")
    found = await asyncio.gather(*[peeked(client, topic, name) for name in names])
    assert dict(zip(names, found, strict=True)) == {
        "all": ["1", "2", "3", "4", "5"],
        "red": ["1", "3"],
        "kind": ["1"],
        "both": ["3"],
        "sql": ["1", "2", "3"],
    }


async def test_subscriptions_settle_alone(client: ServiceBusClient, unused: Unused) -> None:
    topic = unused("topic")
    async with opened(client.get_topic_sender(topic)) as sender:
        await sender.send_messages(ServiceBusMessage("1", subject="red"))
    async with opened(client.get_subscription_receiver(topic, "all")) as receiver:
        await receiver.dead_letter_message(await receive_one(receiver), reason="R")
    async with opened(
        client.get_subscription_receiver(topic, "all", sub_queue="deadletter")
    ) as receiver:
        dead = await receive_one(receiver)
        assert dead.dead_letter_reason == "R"
        assert dead.dead_letter_source == f"{topic}/Subscriptions/all"
        await receiver.complete_message(dead)
    assert await peeked(client, topic, "red") == ["1"]


async def test_no_session_where_one_is_required_is_dead(
    client: ServiceBusClient, unused: Unused
) -> None:
    """The send succeeds: other subscriptions are not to suffer."""
    topic = unused("topic")
    async with opened(client.get_topic_sender(topic)) as sender:
        await sender.send_messages(ServiceBusMessage("1", subject="ordered"))
    async with opened(
        client.get_subscription_receiver(topic, "ordered", sub_queue="deadletter")
    ) as receiver:
        dead = await receive_one(receiver)
        assert dead.dead_letter_reason == "Session ID is null"
        await receiver.complete_message(dead)
    assert await peeked(client, topic, "all") == ["1"]


async def test_what_is_not_there_is_not_found(client: ServiceBusClient, unused: Unused) -> None:
    topic = unused("topic")
    await asyncio.gather(
        refused(client.get_subscription_receiver(topic, "nobody"), MessagingEntityNotFoundError),
        refused(client.get_subscription_receiver("nothing", "all"), MessagingEntityNotFoundError),
        refused(client.get_queue_receiver(topic), MessagingEntityNotFoundError),
        refused(client.get_queue_sender(f"{topic}/Subscriptions/all"), ServiceBusError),
    )
