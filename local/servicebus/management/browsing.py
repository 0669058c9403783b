"""Messages by their sequence number: peeked at, or received although they were deferred."""

from local.servicebus.management.call import Call, Result

PEEK_LOCK = 1  # receiver-settle-mode second


def peek_message(call: Call) -> Result:
    found = call.queue.peek(
        call.number("from-sequence-number"), call.number("message-count"), call.text("session-id")
    )
    if not found:
        return None
    return {"messages": [{"message": message.as_delivered()} for message in found]}


def receive_by_sequence_number(call: Call) -> Result:
    received = call.queue.receive_deferred(
        call.numbers("sequence-numbers"),
        call.receiver,
        peek_lock=call.number("receiver-settle-mode") == PEEK_LOCK,
    )
    messages: list[object] = []
    for _, raw, token in received:
        message: dict[object, object] = {"message": raw}
        if token is not None:
            message["lock-token"] = token
        messages.append(message)
    return {"messages": messages}
