"""Locks renewed, and messages settled by their lock token."""

from collections.abc import Callable
from functools import partial

from local.servicebus.codec.types import Array, ArrayOf, Timestamp
from local.servicebus.entities.held import Held
from local.servicebus.entities.mishaps import RENEW
from local.servicebus.entities.queue import Queue
from local.servicebus.faults import Fault, bad_argument
from local.servicebus.management.call import Call, Result


def renew_lock(call: Call) -> Result:
    queue = call.queue
    for message in [queue.locks.find(token) for token in call.tokens()]:
        _renewal(call, partial(queue.lose_lock, message))
    expirations = [queue.locks.renew(token) for token in call.tokens()]
    return {"expirations": Array(ArrayOf.TIMESTAMP, expirations)}


def renew_session_lock(call: Call) -> Result:
    session = call.owned_session()
    _renewal(call, partial(call.queue.lose_session, session))
    return {"expiration": Timestamp(call.queue.renew_session(session))}


def _renewal(call: Call, lose: Callable[[], Fault]) -> None:
    """What a plan of faults makes of it."""
    mishap = call.queue.mishaps.next("renew", RENEW)
    if mishap == "lock-lost":
        raise lose()
    if mishap == "disconnect" and call.receiver is not None:
        call.receiver.drop()  # it is renewed, but its holder does not learn of it


def update_disposition(call: Call) -> Result:
    """All tokens are looked up before the first is settled."""
    queue = call.queue
    for message in [queue.locks.find(token) for token in call.tokens()]:
        if queue.mishaps.next("settle", ("lock-lost",)) is not None:
            raise queue.lose_lock(message)
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
