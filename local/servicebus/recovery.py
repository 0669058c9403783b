"""A namespace as it was when the last broker ended, from the journal that it left on disk."""

import sqlite3
from collections import Counter

from local.servicebus.entities.held import DeadLetter, Held, State
from local.servicebus.entities.namespace import Namespace
from local.servicebus.entities.queue import Queue
from local.servicebus.entities.topic import Topic
from local.servicebus.faults import Fault
from local.servicebus.message import Content


def recover(namespace: Namespace, database: sqlite3.Connection) -> dict[str, int]:
    """Fill the namespace. Returns the messages of entities that the topology no longer has.

    Those stay on disk, and come back when their entity does.
    """
    machinery = namespace.machinery
    row = database.execute("SELECT value FROM counter WHERE name = 'number'").fetchone()
    machinery.last_number = int(row[0]) if row else 0
    _sessions(namespace, database)
    _duplicates(namespace, database)
    homeless: Counter[str] = Counter()
    for number, entity, *values in database.execute("SELECT * FROM message ORDER BY number"):
        message = _message(number, entity, values)
        try:
            found = namespace.find(entity)
        except Fault:
            homeless[entity] += 1
            continue
        if isinstance(found, Queue) or message.state is State.SCHEDULED:
            found.admit(message)
        else:  # a queue's messages, whose name is a topic's now
            homeless[entity] += 1
    return dict(homeless)


def _message(number: int, entity: str, values: list[object]) -> Held:
    (enqueued_number, state, enqueued_ms, scheduled_ms, time_to_live_ms, expires_ms) = values[:6]
    (delivery_count, source, reason, description, content) = values[6:]
    dead = DeadLetter(str(source), _text(reason), _text(description)) if source else None
    return Held(
        Content(content if isinstance(content, bytes) else b""),
        number,
        _number(enqueued_number) or number,
        entity,
        enqueued_ms=_number(enqueued_ms) or 0,
        state=State(_number(state) or 0),
        scheduled_ms=_number(scheduled_ms),
        time_to_live_ms=_number(time_to_live_ms),
        expires_ms=_number(expires_ms),
        delivery_count=_number(delivery_count) or 0,
        dead=dead,
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _sessions(namespace: Namespace, database: sqlite3.Connection) -> None:
    for entity, session_id, state, updated_ms in database.execute("SELECT * FROM session"):
        try:
            queue = namespace.find(entity)
        except Fault:
            continue
        if isinstance(queue, Queue):
            session = queue.sessions.get(session_id)
            session.state, session.updated_ms = state, updated_ms


def _duplicates(namespace: Namespace, database: sqlite3.Connection) -> None:
    query = "SELECT entity, message_id, until_ms FROM seen ORDER BY until_ms"
    for entity, message_id, until_ms in database.execute(query):
        try:
            found = namespace.find(entity)
        except Fault:
            continue
        if isinstance(found, Queue | Topic):
            found.duplicates.restore(message_id, until_ms)
