"""A plan of faults at work: what goes wrong, and what even then stays true."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import MessageLockLostError, ServiceBusError, SessionLockLostError

from local import process
from local.faults.plan import Faults
from local.faults.rules import parsed
from local.servicebus.settings import QueueSettings, Topology
from tests.contract.servicebus import entities
from tests.contract.servicebus.links import (
    all_closed,
    both,
    nothing,
    opened,
    receive,
    receive_one,
    send,
    sockets_left_open,
)
from tests.contract.servicebus.messages import message
from tests.contract.servicebus.moving import connection_string
from tests.contract.servicebus.recorder import Broker, Recorder
from tests.contract.servicebus.running import running

PLAIN, SESSIONS = QueueSettings("q"), QueueSettings("q", requires_session=True)


def planned(*rules: dict[str, object], settings: QueueSettings = PLAIN) -> Broker:
    plan = {"seed": 7, "rules": [{"part": "servicebus", **rule} for rule in rules]}
    return Broker(Topology(queues=(settings,)), Faults(parsed(plan), "servicebus"))


def in_session(broker: Broker, consumer: Recorder, session_id: str) -> Recorder:
    consumer.session = broker.namespace.find_queue("q").sessions.accept(consumer, session_id)
    return broker.consume("q", consumer)


def test_reordered_once() -> None:
    broker = planned({"fault": "reordered", "count": 1})
    broker.send_to("q", *[message(f"{number}") for number in range(3)])
    assert broker.consume("q", Recorder()).bodies == ["1", "0", "2"]


def test_a_session_is_never_reordered() -> None:
    broker = planned({"fault": "reordered"}, settings=SESSIONS)
    broker.send_to("q", *[message(f"{number}", session="s") for number in range(3)])
    assert in_session(broker, Recorder(), "s").bodies == ["0", "1", "2"]


def test_late_ones_are_overtaken_and_come() -> None:
    broker = planned({"fault": "late", "delay_s": 2, "count": 1})
    broker.send_to("q", message("0"), message("1"))
    consumer = broker.consume("q", Recorder())
    assert consumer.bodies == ["1"]
    broker.advance(1.9)
    assert consumer.bodies == ["1"]
    broker.advance(0.1)
    assert consumer.bodies == ["1", "0"]


def test_in_a_session_all_wait_for_the_late_one() -> None:
    broker = planned({"fault": "late", "delay_s": 2, "count": 1}, settings=SESSIONS)
    broker.send_to("q", message("0", session="s"), message("1", session="s"))
    first = in_session(broker, Recorder(), "s")
    assert first.bodies == []
    queue = broker.namespace.find_queue("q")
    queue.detach(first, died=False)
    assert queue.sessions.accept(Recorder(), None) is None  # it rests, and is not forgotten
    second = in_session(broker, Recorder(), "s")
    broker.advance(2)
    assert second.bodies == ["0", "1"]


def test_a_completed_one_comes_again_once() -> None:
    broker = planned({"fault": "duplicate", "operation": "settle", "count": 1})
    broker.send_to("q", message("x"))
    queue = broker.namespace.find_queue("q")
    consumer = broker.consume("q", Recorder())
    assert queue.mishaps.next("settle", ("duplicate",)) == "duplicate"
    assert queue.complete_in_vain(consumer.got[0])
    broker.namespace.work()
    assert consumer.bodies == ["x", "x"]
    assert consumer.got[0].delivery_count == 1
    assert queue.mishaps.next("settle", ("duplicate",)) is None


def test_a_duplicate_never_makes_a_dead_letter() -> None:
    broker = planned(settings=QueueSettings("q", max_delivery_count=1))
    broker.send_to("q", message("x"))
    consumer = broker.consume("q", Recorder())
    assert broker.namespace.find_queue("q").complete_in_vain(consumer.got[0])
    assert (broker.bodies("q"), broker.bodies("q/$DeadLetterQueue")) == (["x"], [])


def test_a_duplicate_would_not_come_after_its_successor() -> None:
    broker = planned(settings=SESSIONS)
    broker.send_to("q", message("0", session="s"), message("1", session="s"))
    queue = broker.namespace.find_queue("q")
    consumer = in_session(broker, Recorder(), "s")
    first, second = consumer.got
    assert not queue.complete_in_vain(first)
    queue.remove(first)
    assert queue.complete_in_vain(second)


def test_the_same_seed_does_the_same() -> None:
    def run() -> list[str]:
        broker = planned({"fault": "reordered", "rate": 0.3}, {"fault": "late", "rate": 0.2})
        broker.send_to("q", *[message(f"{number}") for number in range(50)])
        return broker.consume("q", Recorder()).bodies

    assert run() == run() != sorted(run(), key=int)


@contextmanager
def faulty(
    folder: Path, topology: Path, *rules: dict[str, object]
) -> Iterator[tuple[process.Process, str]]:
    plan = folder / "faults.json"
    plan.write_text(
        json.dumps({"seed": 1, "rules": [{"part": "servicebus", **rule} for rule in rules]})
    )
    with running(folder, topology, "--faults", str(plan)) as part:
        yield part, connection_string(part.ready["url"])


async def test_through_the_sdk(tmp_path: Path, topology: Path) -> None:
    """One broker, a fault for each queue, so that all of this takes one start."""
    rules: list[dict[str, object]] = [
        {"fault": "lock-lost", "operation": "settle", "target": "plain-0", "count": 1},
        {"fault": "duplicate", "operation": "settle", "target": "plain-1", "count": 1},
        {"fault": "disconnect", "operation": "settle", "target": "plain-2", "count": 1},
        {"fault": "disconnect", "operation": "send", "target": "plain-3", "count": 1},
        {"fault": "disconnect", "operation": "receive", "target": "plain-4", "count": 1},
        {"fault": "lock-lost", "operation": "renew", "target": "plain-5", "count": 1},
        {"fault": "lock-lost", "operation": "settle", "target": "session-0", "count": 1},
        {"fault": "lock-lost", "operation": "renew", "target": "session-1", "count": 1},
    ]
    with faulty(tmp_path, topology, *rules) as (_, connection):
        async with ServiceBusClient.from_connection_string(connection, retry_total=0) as client:
            await asyncio.gather(
                lock_lost(client, "plain-0"),
                duplicated(client, "plain-1"),
                cut_when_settling(client, "plain-2"),
                cut_when_sending(client, "plain-3"),
                cut_when_receiving(connection, "plain-4"),
                renewal_lost(client, "plain-5"),
                session_lost(client, "session-0"),
                session_renewal_lost(client, "session-1"),
            )


async def lock_lost(client: ServiceBusClient, queue: str) -> None:
    async with both(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("x"))
        with pytest.raises(MessageLockLostError):
            await receiver.complete_message(await receive_one(receiver))
        again = await receive_one(receiver)
        assert (str(again), again.delivery_count) == ("x", 1)
        await receiver.complete_message(again)
        assert await nothing(receiver)


async def duplicated(client: ServiceBusClient, queue: str) -> None:
    async with both(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("x", message_id="m"))
        await receiver.complete_message(await receive_one(receiver))
        again = await receive_one(receiver)
        assert (again.message_id, again.delivery_count) == ("m", 1)
        await receiver.complete_message(again)
        assert await nothing(receiver)


async def cut_when_settling(client: ServiceBusClient, queue: str) -> None:
    """It is done, and nobody is told."""
    await send(client, queue, ServiceBusMessage("x"))
    async with opened(client.get_queue_receiver(queue)) as receiver:
        with pytest.raises(ServiceBusError):
            await receiver.complete_message(await receive_one(receiver))
    async with opened(client.get_queue_receiver(queue)) as receiver:
        assert await receiver.peek_messages(1) == []


async def cut_when_sending(client: ServiceBusClient, queue: str) -> None:
    async with opened(client.get_queue_sender(queue)) as sender:
        with pytest.raises(ServiceBusError):
            await sender.send_messages(ServiceBusMessage("x"))
    async with opened(client.get_queue_receiver(queue)) as receiver:
        assert [str(message) for message in await receiver.peek_messages(5)] == ["x"]


async def cut_when_receiving(connection: str, queue: str) -> None:
    """With its own retries the SDK only sees that it took a while."""
    async with ServiceBusClient.from_connection_string(connection) as client:
        await send(client, queue, ServiceBusMessage("x"))
        async with opened(client.get_queue_receiver(queue)) as receiver:
            found = await receive(receiver, 1, within_s=30)
            assert [message.delivery_count for message in found] == [1]
            await receiver.complete_message(found[0])


async def renewal_lost(client: ServiceBusClient, queue: str) -> None:
    async with both(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("x"))
        with pytest.raises(MessageLockLostError):
            await receiver.renew_message_lock(await receive_one(receiver))
        again = await receive_one(receiver)
        await receiver.renew_message_lock(again)
        await receiver.complete_message(again)


async def session_lost(client: ServiceBusClient, queue: str) -> None:
    bodies = ["0", "1", "2"]
    await send(client, queue, *[ServiceBusMessage(body, session_id="S") for body in bodies])
    async with opened(client.get_queue_receiver(queue, session_id="S")) as receiver:
        first, *_ = await receive(receiver, 3)
        with pytest.raises(ServiceBusError):
            await receiver.complete_message(first)
    async with opened(client.get_queue_receiver(queue, session_id="S")) as receiver:
        again = await receive(receiver, 3)
        assert [str(message) for message in again] == bodies
        for each in again:
            await receiver.complete_message(each)


async def session_renewal_lost(client: ServiceBusClient, queue: str) -> None:
    await send(client, queue, ServiceBusMessage("x", session_id="S"))
    async with opened(client.get_queue_receiver(queue, session_id="S")) as receiver:
        with pytest.raises(SessionLockLostError):
            await receiver.session.renew_lock()


async def send_in_vain(connection: str) -> None:
    async with ServiceBusClient.from_connection_string(connection, retry_total=0) as client:
        with pytest.raises(ServiceBusError):
            await send(client, "plain-0", ServiceBusMessage("x"))


@pytest.mark.parametrize("point", ["before-commit", "after-commit"])
async def test_killed_at_a_commit(tmp_path: Path, topology: Path, point: str) -> None:
    """The sender hears of neither; the message is there exactly when it was committed."""
    rule: dict[str, object] = {"fault": "killed", "at": point, "target": "plain-0", "count": 1}
    with faulty(tmp_path, topology, rule) as (part, connection):
        with sockets_left_open():
            await send_in_vain(connection)
            await all_closed()
        assert part.popen.wait(10) == -9
    with faulty(tmp_path, topology, rule) as (_, connection):
        async with ServiceBusClient.from_connection_string(connection, retry_total=0) as client:
            async with opened(client.get_queue_receiver("plain-0")) as receiver:
                found = [str(message) for message in await receiver.peek_messages(5)]
            await send(client, "plain-0", ServiceBusMessage("y"))  # it is not killed twice
    assert found == (["x"] if point == "after-commit" else [])


def test_a_bad_plan_is_named(tmp_path: Path) -> None:
    topology = entities.write(tmp_path / "t.json", {"serviceBus": {}})
    rule: dict[str, object] = {"fault": "throttled"}
    with (
        pytest.raises(process.PartFailed, match=r"rules\[0\]\.fault for the part 'servicebus'"),
        faulty(tmp_path, topology, rule),
    ):
        pass
