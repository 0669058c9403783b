"""kill -9, and a new broker on the same folder: nothing that was acknowledged is lost."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from local import process
from tests.contract.servicebus import entities
from tests.contract.servicebus.links import both, opened, receive, receive_one, send
from tests.contract.servicebus.moving import connection_string
from tests.contract.servicebus.pages import Page
from tests.contract.servicebus.running import running

DUE_S = 4


def connect(part: process.Process) -> ServiceBusClient:
    return ServiceBusClient.from_connection_string(
        connection_string(part.ready["url"]), retry_total=0
    )


async def fill(client: ServiceBusClient, due: datetime) -> dict[str, int]:
    """Something in every state that there is. Returns the sequence numbers of some."""
    numbers: dict[str, int] = {}
    async with both(client, "plain-0") as (sender, receiver):
        bodies = ("completed", "dead", "deferred", "counted", "locked", "active")
        await sender.send_messages([ServiceBusMessage(body) for body in bodies])
        completed, dead, deferred, counted, _ = await receive(receiver, 5)
        await receiver.complete_message(completed)
        await receiver.dead_letter_message(dead, reason="R", error_description="D")
        await receiver.defer_message(deferred)
        await receiver.abandon_message(counted)
        numbers["deferred"] = deferred.sequence_number or 0
        kept, gone = await sender.schedule_messages(
            [ServiceBusMessage("scheduled"), ServiceBusMessage("cancelled")], due
        )
        await sender.cancel_scheduled_messages(gone)
        numbers["scheduled"] = kept
    async with opened(client.get_topic_sender("topic-0")) as publisher:
        (number,) = await publisher.schedule_messages(ServiceBusMessage("t", subject="red"), due)
        numbers["topic"] = number
        await publisher.send_messages(ServiceBusMessage("published", subject="red"))
    await send(client, "session-0", ServiceBusMessage("s", session_id="A"))
    async with opened(client.get_queue_receiver("session-0", session_id="A")) as session:
        await session.session.set_state(b"state of A")
    await send(client, "unique-0", ServiceBusMessage("1", message_id="same"))
    await send(client, "mortal-0", ServiceBusMessage("x", time_to_live=timedelta(hours=1)))
    return numbers


async def check_queue(client: ServiceBusClient, numbers: dict[str, int]) -> None:
    async with both(client, "plain-0") as (sender, receiver):
        peeked = {str(m): m for m in await receiver.peek_messages(10, sequence_number=1)}
        assert {"deferred", "counted", "locked", "active"} <= set(peeked)
        assert not {"completed", "dead", "cancelled"} & set(peeked)
        assert peeked["counted"].delivery_count == 1
        (deferred,) = await receiver.receive_deferred_messages(numbers["deferred"])
        assert str(deferred) == "deferred"
        four = await receive(receiver, 4, within_s=DUE_S + 5)
        assert [str(m) for m in four] == ["counted", "locked", "active", "scheduled"]
        assert four[3].sequence_number == numbers["scheduled"]
        await sender.send_messages(ServiceBusMessage("new"))
        new = await receive_one(receiver)
        assert (new.sequence_number or 0) > max(numbers.values())


async def check_others(client: ServiceBusClient) -> None:
    async with opened(client.get_queue_receiver("plain-0", sub_queue="deadletter")) as grave:
        dead = await receive_one(grave)
        assert (dead.dead_letter_reason, dead.dead_letter_error_description) == ("R", "D")
        assert dead.dead_letter_source == "plain-0"
    async with opened(client.get_subscription_receiver("topic-0", "red")) as subscriber:
        assert {str(m) for m in await receive(subscriber, 2)} == {"published", "t"}
    async with opened(client.get_queue_receiver("session-0", session_id="A")) as session:
        assert await session.session.get_state() == b"state of A"
        assert str(await receive_one(session)) == "s"
    async with both(client, "unique-0") as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("2", message_id="same"))
        assert [str(m) for m in await receiver.peek_messages(5)] == ["1"]
    async with opened(client.get_queue_receiver("mortal-0")) as receiver:
        (mortal,) = await receiver.peek_messages(1)
        assert mortal.expires_at_utc is not None


async def test_every_state_survives(tmp_path: Path, topology: Path) -> None:
    due = datetime.now(UTC) + timedelta(seconds=DUE_S)
    with running(tmp_path, topology) as part:
        numbers = await fill(connect(part), due)
    with running(tmp_path, topology) as part:
        client = connect(part)
        await asyncio.gather(check_queue(client, numbers), check_others(client))


async def test_what_was_moved_by_hand_stays_moved(tmp_path: Path, topology: Path) -> None:
    """Answered means on disk: the broker is killed right after each answer."""
    with running(tmp_path, topology) as part:
        async with both(connect(part), "plain-0") as (sender, receiver):
            await sender.send_messages([ServiceBusMessage(body) for body in ("a", "b", "c")])
            for message in await receive(receiver, 3):
                await receiver.dead_letter_message(message, reason="R")
        (first, *_) = await Page(part.ready["admin"]).messages("plain-0", dead=True)
        assert await Page(part.ready["admin"]).resubmit("plain-0", [first["sequence_number"]]) == 1
    with running(tmp_path, topology) as part:
        page = Page(part.ready["admin"])
        assert [message["body"] for message in await page.messages("plain-0")] == ["a"]
        dead = await page.messages("plain-0", dead=True)
        assert [message["body"] for message in dead] == ["b", "c"]
        assert await page.purge("plain-0", dead=True) == 2
    with running(tmp_path, topology) as part:
        assert (await Page(part.ready["admin"]).entity("plain-0"))["dead_letters"] == 0


async def test_an_ended_broker_counts_no_delivery(tmp_path: Path, topology: Path) -> None:
    with running(tmp_path, topology) as part:
        async with both(connect(part), "plain-0") as (sender, receiver):
            await sender.send_messages(ServiceBusMessage("x"))
            await receive_one(receiver)
            part.stop()
    with running(tmp_path, topology) as part:
        async with opened(connect(part).get_queue_receiver("plain-0")) as receiver:
            again = await receive_one(receiver)
        assert (str(again), again.delivery_count) == ("x", 0)


async def test_entities_that_vanish_keep_their_data(tmp_path: Path, topology: Path) -> None:
    other = entities.write(tmp_path / "other.json", {"serviceBus": {"queues": [{"name": "new"}]}})
    with running(tmp_path, topology) as part:
        await send(connect(part), "plain-0", ServiceBusMessage("1"), ServiceBusMessage("2"))
    with running(tmp_path, other) as part:
        await send(connect(part), "new", ServiceBusMessage("3"))
    assert "plain-0 is not in the topology; its 2 messages stay" in (tmp_path / "log").read_text()
    with running(tmp_path, topology) as part:
        async with opened(connect(part).get_queue_receiver("plain-0")) as receiver:
            assert [str(m) for m in await receiver.peek_messages(5)] == ["1", "2"]


async def test_a_folder_serves_one_broker_at_a_time(tmp_path: Path, topology: Path) -> None:
    with (
        running(tmp_path, topology),
        pytest.raises(process.PartFailed, match="in use"),
        running(tmp_path, topology),
    ):
        pass


async def test_a_dead_consumer_frees_its_messages(tmp_path: Path, topology: Path) -> None:
    """The lock of a process that was killed is not waited for."""
    with running(tmp_path, topology) as part:
        await send(connect(part), "plain-0", ServiceBusMessage("x"))
        consumer = process.start(
            "consumer",
            process.python_part(
                "tests.contract.servicebus.crashing_consumer", part.ready["url"], "plain-0"
            ),
            log=tmp_path / "consumer.log",
        )
        async with httpx.AsyncClient() as http:
            page = await http.get(part.ready["admin"] + "/_local/entities")
        assert [
            entity["locked"] for entity in page.json()["entities"] if entity["name"] == "plain-0"
        ] == [1]
        consumer.kill()
        async with opened(connect(part).get_queue_receiver("plain-0")) as receiver:
            again = await receive_one(receiver)
        assert (str(again), again.delivery_count) == ("x", 1)
