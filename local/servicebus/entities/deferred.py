"""Deferred messages, which are received by their sequence number alone."""

from collections.abc import Sequence

from local.servicebus.entities.consumer import Consumer
from local.servicebus.entities.held import Held, State
from local.servicebus.entities.queue import Queue
from local.servicebus.faults import message_not_found


def receive_deferred(
    queue: Queue, numbers: Sequence[int], consumer: Consumer | None, *, peek_lock: bool
) -> list[tuple[bytes, bytes | None]]:
    """Each message as it is delivered, and its lock token. All or nothing."""
    found = [_deferred(queue, number) for number in dict.fromkeys(numbers)]
    received = []
    for message in found:
        if peek_lock:
            queue.locks.lock(message, consumer)
        received.append((message.as_delivered(), message.lock.token if message.lock else None))
        if not peek_lock:
            queue.remove(message)
    return received


def _deferred(queue: Queue, number: int) -> Held:
    message = queue.messages.get(number)
    if message is None or message.state is not State.DEFERRED or message.lock is not None:
        raise message_not_found("The deferred message", number)
    return message
