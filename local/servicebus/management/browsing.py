"""Messages by their sequence number: peeked at, or received although they were deferred."""

from itertools import accumulate
from uuid import UUID

from local.servicebus.entities.deferred import receive_deferred
from local.servicebus.management.call import Call, Result

MOST_PEEKED, MOST_PEEKED_BYTES = 250, 1024 * 1024
PEEK_LOCK = 1  # receiver-settle-mode second


def peek_message(call: Call) -> Result:
    """Fewer than were asked for, rather than an answer of any size."""
    count = max(0, min(call.number("message-count"), MOST_PEEKED))
    found = call.queue.peek(call.number("from-sequence-number"), count, call.text("session-id"))
    if not found:
        return None
    sizes = accumulate(message.size for message in found)
    fitting = sum(size <= MOST_PEEKED_BYTES for size in sizes)
    shown = found[: max(1, fitting)]
    return {"messages": [{"message": message.as_delivered()} for message in shown]}


def receive_by_sequence_number(call: Call) -> Result:
    received = receive_deferred(
        call.queue,
        call.numbers("sequence-numbers"),
        call.receiver,
        peek_lock=call.number("receiver-settle-mode") == PEEK_LOCK,
    )
    messages: list[object] = []
    for raw, token in received:
        message: dict[object, object] = {"message": raw}
        if token is not None:
            message["lock-token"] = UUID(bytes_le=token)
        messages.append(message)
    return {"messages": messages}
