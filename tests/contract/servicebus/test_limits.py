"""How much an entity takes: a message, a batch, all of them together, by its tier."""

import json
from pathlib import Path

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import ServiceBusError, ServiceBusQuotaExceededError

from local.servicebus.faults import Fault
from local.servicebus.settings import QueueSettings, TopicSettings, Topology
from local.servicebus.topology import TopologyError, read_topology
from tests.contract.servicebus import entities
from tests.contract.servicebus.entities import Unused
from tests.contract.servicebus.links import both, receive_one, refused, send
from tests.contract.servicebus.messages import message
from tests.contract.servicebus.moving import MovingBroker
from tests.contract.servicebus.recorder import Broker, Recorder

KIB = 1024


async def test_the_sdk_learns_that_it_is_full(
    moving_client: ServiceBusClient, unused: Unused
) -> None:
    queue = unused("small")
    async with both(moving_client, queue) as (sender, receiver):
        for _ in range(5):
            await sender.send_messages(ServiceBusMessage(b"x" * 250_000))
        with pytest.raises(ServiceBusQuotaExceededError):
            await sender.send_messages(ServiceBusMessage("x"))
        # An answer of any size is nobody's wish: peeking goes on where it stopped.
        peeked = [await receiver.peek_messages(5) for _ in range(3)]
        assert [len(page) for page in peeked] == [4, 1, 0]
        await receiver.complete_message(await receive_one(receiver))
        await sender.send_messages(ServiceBusMessage("x"))


async def test_the_sdk_cannot_receive_what_is_passed_on(
    moving: MovingBroker, moving_client: ServiceBusClient, unused: Unused
) -> None:
    queue = unused("passing")
    await refused(moving_client.get_queue_receiver(queue), ServiceBusError)
    await send(moving_client, queue, ServiceBusMessage("x", message_id=queue))
    found = moving.namespace.find_queue("plain-79").messages.values()
    assert queue in [message.content.message_id for message in found]


async def test_the_largest_message_of_the_premium_tier(
    moving_client: ServiceBusClient, unused: Unused
) -> None:
    """Single messages may be large; a batch may not."""
    async with both(moving_client, unused("huge")) as (sender, receiver):
        batch = await sender.create_message_batch()
        assert batch.max_size_in_bytes == 1024 * KIB
        await sender.send_messages(ServiceBusMessage(b"x" * 8 * 1024 * KIB))
        assert len(b"".join((await receive_one(receiver)).body)) == 8 * 1024 * KIB


def test_a_full_entity_refuses_until_there_is_room() -> None:
    broker = Broker(Topology(queues=(QueueSettings("q", max_bytes=1000),)))
    for _ in range(2):
        broker.send_to("q", message("x" * 600))
    with pytest.raises(Fault, match=r"maximum entity size .* reached") as full:
        broker.send_to("q", message("x"))
    assert full.value.condition == "amqp:resource-limit-exceeded"
    queue = broker.namespace.find_queue("q")
    consumer = broker.consume("q", Recorder(credit=1))
    queue.bury(consumer.got[0], "R", None)  # the dead take room as well
    with pytest.raises(Fault):
        broker.send_to("q", message("x"))
    grave = broker.consume("q/$DeadLetterQueue", Recorder())
    broker.namespace.find_queue("q/$DeadLetterQueue").remove(grave.got[0])
    assert broker.send_to("q", message("x")) == [3]
    assert queue.size == sum(held.size for held in broker.held("q"))


def test_a_topic_is_as_large_as_its_subscriptions_and_what_is_scheduled() -> None:
    topic = TopicSettings("t", max_bytes=1000, subscriptions=(QueueSettings("s"),))
    broker = Broker(Topology(topics=(topic,)))
    broker.send_to("t", message("x" * 600))
    broker.send_to("t", message("x" * 600, due_ms=broker.clock() + 1000))
    with pytest.raises(Fault, match="maximum entity size"):
        broker.send_to("t", message("x"))
    consumer = broker.consume("t/Subscriptions/s", Recorder())
    broker.namespace.find_queue("t/Subscriptions/s").remove(consumer.got[0])
    broker.send_to("t", message("x"))


def test_nothing_of_a_batch_comes_into_a_full_entity() -> None:
    broker = Broker(Topology(queues=(QueueSettings("q", max_message_bytes=500),)))
    with pytest.raises(Fault, match="larger than 500") as refused:
        broker.send_to("q", message("fits"), message("x" * 600))
    assert refused.value.condition == "amqp:link:message-size-exceeded"
    assert broker.held("q") == []


@pytest.mark.parametrize(
    ("properties", "message_kib", "entity_mib"),
    [
        ({}, 256, 1024),
        ({"maxMessageSizeInKilobytes": 102_400}, 102_400, 1024),
        ({"maxSizeInMegabytes": 5120}, 256, 5120),
    ],
)
def test_limits_come_from_the_topology(
    tmp_path: Path, properties: dict[str, object], message_kib: int, entity_mib: int
) -> None:
    both = {"queues": [{"name": "q", **properties}], "topics": [{"name": "t", **properties}]}
    file = entities.write(tmp_path / "t.json", {"serviceBus": both})
    topology = read_topology(file)
    for found in (topology.queues[0], topology.topics[0]):
        assert found.max_message_bytes == message_kib * KIB
        assert found.max_bytes == entity_mib * KIB * KIB


@pytest.mark.parametrize(
    "properties",
    [
        {"maxMessageSizeInKilobytes": 102_401},
        {"maxMessageSizeInKilobytes": 1},
        {"maxMessageSizeInKilobytes": True},
        {"maxSizeInMegabytes": 0},
        {"maxSizeInMegabytes": 81_921},
        {"enablePartitioning": True},
        {"status": "Disabled"},
    ],
)
def test_what_no_tier_has(tmp_path: Path, properties: dict[str, object]) -> None:
    file = tmp_path / "t.json"
    file.write_text(json.dumps({"serviceBus": {"queues": [{"name": "q", **properties}]}}))
    with pytest.raises(TopologyError, match="'q'"):
        read_topology(file)
