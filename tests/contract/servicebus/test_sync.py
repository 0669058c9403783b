"""The same through the synchronous SDK: one walk through what an application does in a day."""

import threading
import time
from collections.abc import Iterator

import pytest
from azure.servicebus import (
    NEXT_AVAILABLE_SESSION,
    AutoLockRenewer,
    ServiceBusClient,
    ServiceBusMessage,
)

from tests.contract.servicebus.entities import Unused


@pytest.fixture
def client(address: str) -> Iterator[ServiceBusClient]:
    # Without its keep-alive thread the SDK closes a link at once, not after a second.
    with ServiceBusClient.from_connection_string(address, retry_total=0, keep_alive=0) as opened:
        yield opened


def test_a_queue(client: ServiceBusClient, unused: Unused) -> None:
    queue = unused("plain")
    with client.get_queue_sender(queue) as sender:
        sender.send_messages([ServiceBusMessage(body) for body in ("1", "2", "3", "4")])
    with client.get_queue_receiver(queue, max_wait_time=0.3) as receiver:
        one, two, three, four = receiver.receive_messages(4, max_wait_time=5)
        receiver.complete_message(one)
        receiver.abandon_message(two)
        receiver.dead_letter_message(three, reason="R")
        receiver.defer_message(four)
        rest = []
        for message in receiver:
            rest.append((str(message), message.delivery_count))
            receiver.complete_message(message)
        assert rest == [("2", 1)]
        (deferred,) = receiver.receive_deferred_messages(four.sequence_number or 0)
        receiver.complete_message(deferred)
        assert receiver.peek_messages(1) == []


def test_a_topic_and_a_session(client: ServiceBusClient, unused: Unused) -> None:
    topic = unused("topic")
    with client.get_topic_sender(topic) as sender:
        sender.send_messages(ServiceBusMessage("1", subject="ordered", session_id="S"))
    with client.get_subscription_receiver(
        topic, "ordered", session_id=NEXT_AVAILABLE_SESSION, max_wait_time=5
    ) as receiver:
        receiver.session.set_state("half way")
        assert receiver.session.get_state() == b"half way"
        (message,) = receiver.receive_messages(max_wait_time=5)
        receiver.complete_message(message)
    assert list(client.list_subscription_sessions(topic, "ordered")) == ["S"]


def test_the_sdk_renews_locks(client: ServiceBusClient, unused: Unused) -> None:
    """A lock of five seconds is renewed after half of them."""
    queue = unused("short")
    with client.get_queue_sender(queue) as sender:
        sender.send_messages(ServiceBusMessage("x"))
    with AutoLockRenewer() as renewer, client.get_queue_receiver(queue) as receiver:
        (message,) = receiver.receive_messages(max_wait_time=5)
        first = message.locked_until_utc
        renewer.register(receiver, message, max_lock_renewal_duration=30)
        deadline = time.monotonic() + 5
        while message.locked_until_utc == first and time.monotonic() < deadline:
            threading.Event().wait(0.05)  # its thread needs the time
        assert message.locked_until_utc != first
        receiver.complete_message(message)
        assert receiver.peek_messages(1, sequence_number=1) == []
