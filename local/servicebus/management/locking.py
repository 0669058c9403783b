"""Locks renewed, and messages settled by their lock token."""

from local.servicebus.codec.types import Array, ArrayOf, Timestamp
from local.servicebus.entities.held import Held
from local.servicebus.entities.queue import Queue
from local.servicebus.faults import bad_argument
from local.servicebus.management.call import Call, Result


def renew_lock(call: Call) -> Result:
    expirations = [call.queue.locks.renew(token) for token in call.tokens()]
    return {"expirations": Array(ArrayOf.TIMESTAMP, expirations)}


def renew_session_lock(call: Call) -> Result:
    return {"expiration": Timestamp(call.queue.renew_session(call.owned_session()))}


def update_disposition(call: Call) -> Result:
    """All tokens are looked up before the first is settled."""
    queue = call.queue
    for message in [queue.locks.find(token) for token in call.tokens()]:
        _settle(call, queue, message)
    return {}


def _settle(call: Call, queue: Queue, message: Held) -> None:
    match call.needed_text("disposition-status"):
        case "completed":
            queue.remove(message)
        case "abandoned":
            queue.give_back(message, counted=True)
        case "defered":  # the protocol spells it so
            queue.defer(message)
        case "suspended":
            queue.bury(message, call.text("deadletter-reason"), call.text("deadletter-description"))
        case unknown:
            raise bad_argument(f"'{unknown}' is no disposition")
