"""The page beside the broker: counts, dead letters with their reasons, and refusals."""

import socket
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from local import process
from tests.contract.servicebus.entities import Unused
from tests.contract.servicebus.links import both, receive, send


@pytest.fixture
def page(broker: process.Process) -> str:
    return f"{broker.ready['admin']}/_local"


async def fetched(url: str) -> dict[str, Any]:
    async with httpx.AsyncClient() as http:
        found: dict[str, Any] = (await http.get(url)).json()
        return found


async def test_counts_and_dead_letters(client: ServiceBusClient, page: str, unused: Unused) -> None:
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
        entities = (await fetched(f"{page}/entities"))["entities"]
        assert [entity for entity in entities if entity["name"] == queue] == [
            {
                "name": queue,
                "kind": "queue",
                "active": 2,
                "locked": 1,
                "scheduled": 0,
                "deferred": 1,
                "dead_letters": 1,
            }
        ]
    found = await fetched(f"{page}/dead-letters?entity={queue}")
    assert found["count"] == 1
    (shown,) = found["messages"]
    assert (shown["reason"], shown["description"]) == ("Poison", "why")
    assert (shown["message_id"], shown["subject"], shown["correlation_id"]) == ("m", "s", "c")
    assert (len(shown["body"]), shown["body_bytes"]) == (2048, 5000)
    everything = await fetched(f"{page}/dead-letters")
    assert everything["count"] >= 1


async def test_a_queue_without_dead_letters(
    client: ServiceBusClient, page: str, unused: Unused
) -> None:
    queue = unused("plain")
    await send(client, queue, ServiceBusMessage("alive"))
    found = await fetched(f"{page}/dead-letters?entity={queue}")
    assert found == {"count": 0, "messages": []}


def test_refusals(page: str) -> None:
    assert httpx.get(f"{page}/health").json() == {"status": "ok"}
    assert httpx.get(f"{page}/nothing").status_code == 404
    assert httpx.get(f"{page}/dead-letters", params={"entity": "nothing"}).status_code == 404
    assert httpx.post(f"{page}/entities").status_code == 405
    assert httpx.get(f"{page}/entities", headers={"Host": "evil.example"}).status_code == 403
    assert httpx.get(f"{page}/entities", headers={"Host": "localhost:1"}).status_code == 200


@pytest.mark.parametrize("head", [b"\r\n\r\n", b"GET\r\n\r\n", b"\xff" * 20_000, b"GET / HTTP/1.1"])
def test_what_is_no_request(page: str, head: bytes) -> None:
    address = urlsplit(page)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as peer:
        peer.sendall(head)
        peer.shutdown(socket.SHUT_WR)
        answer = peer.recv(1000)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
    assert httpx.get(f"{page}/health").status_code == 200
