"""Entities of a foreign endpoint emptied before a test uses them again; ours are made afresh."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from azure.servicebus import (
    ServiceBusClient,
    ServiceBusMessageState,
    ServiceBusReceivedMessage,
    ServiceBusReceiver,
    ServiceBusSubQueue,
)

from tests.contract.servicebus.entities import KINDS, SUBSCRIPTIONS
from tests.contract.servicebus.flavours import hurried_polling

LOCKS_END_S = 75.0  # what a test has left locked comes back after a minute


def emptied(connection: str, kind: str, name: str) -> None:
    """Raises AssertionError when it does not become empty."""
    connect = ServiceBusClient.from_connection_string
    with hurried_polling(), connect(connection, keep_alive=0) as client:
        for open_receiver, open_sender, sessions in _places(client, kind, name):
            _empty(open_receiver(sub_queue=ServiceBusSubQueue.DEAD_LETTER), open_sender())
            if sessions is None:
                _empty(open_receiver(), open_sender())
                continue
            for session_id in sessions():
                receiver = open_receiver(session_id=session_id)
                _empty(receiver, open_sender(), forget=True)


Place = tuple[Callable[..., ServiceBusReceiver], Callable[[], Any], Callable[[], list[str]] | None]


def _places(client: ServiceBusClient, kind: str, name: str) -> Iterator[Place]:
    if kind in KINDS:
        sessions = (lambda: list(client.list_queue_sessions(name))) if kind == "session" else None
        yield (
            lambda **more: client.get_queue_receiver(name, **more),
            lambda: client.get_queue_sender(name),
            sessions,
        )
        return
    for subscription in SUBSCRIPTIONS:
        yield _subscription(client, name, subscription)


def _subscription(client: ServiceBusClient, topic: str, wanted: dict[str, object]) -> Place:
    name = str(wanted["name"])
    return (
        lambda **more: client.get_subscription_receiver(topic, name, **more),
        lambda: client.get_topic_sender(topic),
        (lambda: list(client.list_subscription_sessions(topic, name)))
        if wanted.get("requiresSession")
        else None,
    )


def _empty(receiver: ServiceBusReceiver, sender: Any, *, forget: bool = False) -> None:
    deadline = time.monotonic() + LOCKS_END_S
    with receiver, sender:
        while held := receiver.peek_messages(100, sequence_number=1):
            for message in held:
                _remove(receiver, sender, message)
            for message in receiver.receive_messages(100, max_wait_time=1):
                receiver.complete_message(message)
            assert time.monotonic() < deadline, f"{receiver.entity_path} does not become empty"
        if forget:
            receiver.session.set_state(None)


def _remove(receiver: ServiceBusReceiver, sender: Any, message: ServiceBusReceivedMessage) -> None:
    """What is not simply received."""
    number = message.sequence_number or 0
    if message.state == ServiceBusMessageState.DEFERRED:
        for deferred in receiver.receive_deferred_messages(number):
            receiver.complete_message(deferred)
    elif message.state == ServiceBusMessageState.SCHEDULED:
        sender.cancel_scheduled_messages(number)
