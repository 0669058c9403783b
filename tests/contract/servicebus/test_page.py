"""The page beside the broker: counts, messages, dead letters sent again, purging, refusals."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from local import process
from tests.contract.servicebus.entities import Unused
from tests.contract.servicebus.links import both, opened, receive, receive_one, send
from tests.contract.servicebus.pages import Page

LATER = datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture
def page(broker: process.Process) -> Page:
    return Page(broker.ready["admin"])


async def test_counts_and_dead_letters(
    client: ServiceBusClient, page: Page, unused: Unused
) -> None:
    queue = unused("large")
    async with both(client, queue) as (sender, receiver):
        await sender.send_messages(
            [
                ServiceBusMessage("x" * 5000, subject="s", message_id="m", correlation_id="c"),
                *[ServiceBusMessage(f"{number}") for number in range(3)],
            ]
        )
        dead, deferred, _ = await receive(receiver, 3)
        await receiver.dead_letter_message(dead, reason="Poison", error_description="why")
        await receiver.defer_message(deferred)
        await sender.schedule_messages(ServiceBusMessage("later"), LATER)
        found = await page.entity(queue)
        counts = ("active", "locked", "scheduled", "deferred", "dead_letters")
        assert [found[name] for name in counts] == [2, 1, 1, 1, 1]
        assert (found["kind"], found["requires_session"]) == ("queue", False)
        assert found["max_delivery_count"] == 10
        states = [message["state"] for message in await page.messages(queue)]
        assert states == ["deferred", "locked", "active", "scheduled"]
    listed = await page.get("dead-letters", entity=queue)
    (shown,) = listed["messages"]
    assert (listed["count"], shown["entity"]) == (1, queue)
    assert (shown["reason"], shown["description"]) == ("Poison", "why")
    assert (shown["message_id"], shown["subject"], shown["correlation_id"]) == ("m", "s", "c")
    assert (len(shown["body"]), shown["body_bytes"]) == (2048, 5000)
    assert (await page.get("dead-letters"))["count"] >= 1


async def test_topics_and_subscriptions(
    client: ServiceBusClient, page: Page, unused: Unused
) -> None:
    topic = unused("topic")
    async with opened(client.get_topic_sender(topic)) as sender:
        await sender.send_messages(ServiceBusMessage("now", subject="red"))
        await sender.schedule_messages(ServiceBusMessage("later"), LATER)
    subscription = await page.entity(f"{topic}/Subscriptions/red")
    assert (subscription["kind"], subscription["topic"]) == ("subscription", topic)
    assert subscription["active"] == 1
    found = await page.entity(topic)
    assert (found["kind"], found["scheduled"], found["active"]) == ("topic", 1, 0)
    assert [message["state"] for message in await page.messages(topic)] == ["scheduled"]
    assert await page.purge(topic) == 1
    assert await page.messages(topic) == []


async def test_a_message_is_shown_whole(
    client: ServiceBusClient, page: Page, unused: Unused
) -> None:
    queue = unused("large")
    properties: dict[str | bytes, int | float | bytes | bool | str | UUID] = {
        "text": "é",
        "number": 7,
        "not a number": float("nan"),
        "id": UUID(int=1),
        "yes": True,
    }
    message = ServiceBusMessage(
        "é" * 40_000,
        message_id="m",
        subject="s",
        correlation_id="c",
        session_id="i",
        content_type="text/plain",
        time_to_live=timedelta(minutes=5),
        application_properties=properties,
    )
    await send(client, queue, message)
    (shown,) = await page.messages(queue)
    assert (shown["entity"], shown["state"], shown["delivery_count"]) == (queue, "active", 0)
    assert (shown["message_id"], shown["subject"], shown["session_id"]) == ("m", "s", "i")
    assert (shown["correlation_id"], shown["content_type"]) == ("c", "text/plain")
    assert shown["expires_ms"] - shown["enqueued_ms"] == 300_000
    assert (shown["locked_until_ms"], shown["reason"], shown["description"]) == (None, None, None)
    assert (shown["body_bytes"], shown["truncated"]) == (80_000, True)
    assert shown["body"] == "é" * 32_768
    assert shown["properties"] == {
        "text": "é",
        "number": 7,
        "not a number": "nan",
        "id": str(UUID(int=1)),
        "yes": True,
    }


async def test_messages_come_in_pages(client: ServiceBusClient, page: Page, unused: Unused) -> None:
    queue = unused("plain")
    await send(client, queue, *[ServiceBusMessage(f"{number}") for number in range(5)])
    seen, after = [], 0
    for expected in (2, 2, 1):
        found = await page.get("messages", entity=queue, limit=2, after=after)
        seen += [message["body"] for message in found["messages"]]
        assert len(found["messages"]) == expected
        after = found["next"] or 0
    assert (seen, after) == (["0", "1", "2", "3", "4"], 0)
    assert (await page.get("messages", entity=queue, limit=5))["next"] is None


async def test_the_resubmitted_reach_a_waiting_receiver(
    client: ServiceBusClient, page: Page, unused: Unused
) -> None:
    queue = unused("few")
    async with both(client, queue) as (sender, receiver):
        await sender.send_messages(
            [ServiceBusMessage(body, message_id=body) for body in ("a", "b", "c")]
        )
        for message in await receive(receiver, 3):
            await receiver.dead_letter_message(message, reason="R", error_description="D")
        numbers = [message["sequence_number"] for message in await page.messages(queue, dead=True)]
        waiting = asyncio.create_task(receive_one(receiver))
        assert await page.resubmit(queue, [numbers[1], numbers[1], 10**9]) == 1
        again = await waiting
        assert (str(again), again.delivery_count, again.message_id) == ("b", 0, "b")
        assert again.dead_letter_reason is None
        assert (again.sequence_number or 0) > max(numbers)
        assert await page.resubmit(queue) == 2
        assert await page.resubmit(queue) == 0
        assert {str(message) for message in await receive(receiver, 2)} == {"a", "c"}


async def test_the_resubmitted_of_a_session_and_of_a_subscription(
    client: ServiceBusClient, page: Page, unused: Unused
) -> None:
    topic = unused("topic")
    path = f"{topic}/Subscriptions/ordered"
    async with opened(client.get_topic_sender(topic)) as sender:
        await sender.send_messages(ServiceBusMessage("1", subject="ordered", session_id="S"))
        await sender.send_messages(ServiceBusMessage("none", subject="ordered"))
    async with opened(
        client.get_subscription_receiver(topic, "ordered", session_id="S")
    ) as receiver:
        await receiver.dead_letter_message(await receive_one(receiver), reason="R")
        assert await page.resubmit(path) == 2
        assert str(await receive_one(receiver)) == "1"
    # What had no session has none now, and is dead again.
    (dead,) = await page.messages(path, dead=True)
    assert (dead["body"], dead["reason"]) == ("none", "Session ID is null")


async def test_locked_ones_are_left_to_their_holder(
    client: ServiceBusClient, page: Page, unused: Unused
) -> None:
    queue = unused("plain")
    async with both(client, queue) as (sender, receiver):
        await sender.send_messages([ServiceBusMessage("held"), ServiceBusMessage("free")])
        held = await receive_one(receiver)
        assert await page.purge(queue) == 1
        await receiver.dead_letter_message(held, reason="R")
    async with opened(client.get_queue_receiver(queue, sub_queue="deadletter")) as grave:
        dead = await receive_one(grave)
        assert await page.resubmit(queue) == 0
        assert await page.purge(queue, dead=True) == 0
        await grave.abandon_message(dead)
        assert await page.purge(queue, [dead.sequence_number or 0], dead=True) == 1
    assert await page.messages(queue, dead=True) == []


@pytest.mark.parametrize(
    ("path", "order", "status"),
    [
        ("resubmit", {"entity": "nothing", "sequence_numbers": None}, 404),
        ("resubmit", {"entity": "topic-0", "sequence_numbers": None}, 404),
        ("resubmit", {"entity": "plain-0/$DeadLetterQueue", "sequence_numbers": None}, 400),
        ("resubmit", {"entity": "plain-0"}, 400),
        ("resubmit", {"entity": "plain-0", "sequence_numbers": "1"}, 400),
        ("resubmit", {"entity": "plain-0", "sequence_numbers": [True]}, 400),
        ("resubmit", {"entity": 1, "sequence_numbers": None}, 400),
        ("resubmit", [], 400),
        ("purge", {"entity": "topic-0", "dead": True, "sequence_numbers": None}, 404),
        ("purge", {"entity": "plain-0", "dead": "no", "sequence_numbers": None}, 400),
        ("purge", {"dead": True, "sequence_numbers": None}, 400),
        ("nothing", {}, 404),
        ("entities", {}, 405),
    ],
)
async def test_orders_that_are_refused(page: Page, path: str, order: object, status: int) -> None:
    answer = await page.post(path, order)
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")


def test_refusals(page: Page) -> None:
    url = page.url
    assert httpx.get(f"{url}/health").json() == {"status": "ok"}
    assert httpx.get(f"{url}/nothing").status_code == 404
    assert httpx.get(f"{url}/dead-letters", params={"entity": "nothing"}).status_code == 404
    for query in ("after=-1", "after=x", f"limit={'9' * 20}", "dead=yes"):
        assert httpx.get(f"{url}/messages?entity=plain-0&{query}").status_code == 400
    assert httpx.get(f"{url}/entities", headers={"Host": "evil.example"}).status_code == 403
    assert httpx.get(f"{url}/entities", headers={"Host": "localhost:1"}).status_code == 200
    form = httpx.post(f"{url}/purge", data={"entity": "plain-0"})
    assert form.status_code == 415
    broken = httpx.post(f"{url}/purge", content="{", headers={"Content-Type": "application/json"})
    assert broken.status_code == 400
    huge = httpx.post(f"{url}/purge", json={"entity": "x" * 2_000_000})
    assert huge.status_code == 413


@pytest.mark.parametrize("head", [b"\r\n\r\n", b"GET\r\n\r\n", b"\xff" * 20_000, b"GET / HTTP/1.1"])
def test_what_is_no_request(page: Page, head: bytes) -> None:
    address = urlsplit(page.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as peer:
        peer.sendall(head)
        peer.shutdown(socket.SHUT_WR)
        answer = peer.recv(1000)
        assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))
    assert httpx.get(f"{page.url}/health").status_code == 200
