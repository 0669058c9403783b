"""What sessions store of themselves, and the list of sessions that there are."""

from local.servicebus.codec.types import Int
from local.servicebus.entities.held import State
from local.servicebus.entities.queue import Queue
from local.servicebus.faults import bad_argument
from local.servicebus.management.call import Call, Result

# Clients that want every session ask for those updated after DateTime.MaxValue.
END_OF_TIME_MS = 253_402_300_799_000


def get_session_state(call: Call) -> Result:
    return {"session-state": call.owned_session().state}


def set_session_state(call: Call) -> Result:
    state = call.arguments.get("session-state")
    if state is not None and not isinstance(state, bytes):
        raise bad_argument("a session's state is binary")
    call.queue.set_session_state(call.owned_session(), state)
    return {}


def get_message_sessions(call: Call) -> Result:
    skip, top = call.number("skip"), call.number("top")
    ids = sorted(_session_ids(call.queue, call.number("last-updated-time")))
    page = ids[skip : skip + top]
    return {"skip": Int(skip + len(page)), "sessions-ids": list(page)} if page else None


def _session_ids(queue: Queue, updated_after_ms: int) -> set[str]:
    stored = {session.id: session for session in queue.sessions.all() if session.state is not None}
    if 0 < updated_after_ms < END_OF_TIME_MS:
        return {i for i, session in stored.items() if session.updated_ms > updated_after_ms}
    active = {
        message.session_id
        for message in queue.messages.values()
        if message.state is State.ACTIVE and message.session_id is not None
    }
    return active | set(stored)
