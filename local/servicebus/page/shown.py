"""Entities and messages as JSON for people and for the board. Changes and locks nothing."""

import math
from collections import Counter

from local.servicebus.entities.held import Held, State
from local.servicebus.entities.namespace import Entity
from local.servicebus.entities.queue import Queue
from local.servicebus.entities.topic import Topic

SHOWN_BODY_BYTES = 64 * 1024
SHOWN_DEAD_BODY_BYTES = 2048


def entity(found: Entity) -> dict[str, object]:
    return _topic(found) if isinstance(found, Topic) else _queue(found)


def _queue(queue: Queue) -> dict[str, object]:
    states = Counter(message.state for message in queue.messages.values())
    topic, _, subscription = queue.path.partition("/Subscriptions/")
    settings = queue.settings
    return {
        "name": queue.path,
        "kind": "subscription" if subscription else "queue",
        **({"topic": topic} if subscription else {}),
        "active": states[State.ACTIVE],
        "locked": sum(message.lock is not None for message in queue.messages.values()),
        "scheduled": states[State.SCHEDULED],
        "deferred": states[State.DEFERRED],
        "dead_letters": len(queue.dead_letters.messages) if queue.dead_letters else 0,
        "requires_session": settings.requires_session,
        "max_delivery_count": settings.max_delivery_count,
        **({"forward_to": settings.forward_to} if settings.forward_to else {}),
    }


def _topic(topic: Topic) -> dict[str, object]:
    return {
        "name": topic.path,
        "kind": "topic",
        "active": 0,
        "locked": 0,
        "scheduled": len(topic.scheduled),
        "deferred": 0,
        "dead_letters": 0,
        "requires_session": False,
        "max_delivery_count": None,
    }


def message(held: Held) -> dict[str, object]:
    content = held.content
    return {
        "entity": held.entity,
        "sequence_number": held.number,
        "state": "locked" if held.lock else held.state.name.lower(),
        "message_id": content.message_id,
        "subject": content.subject,
        "session_id": content.session_id,
        "correlation_id": content.correlation_id,
        "content_type": content.content_type,
        "enqueued_ms": held.enqueued_ms,
        "expires_ms": held.expires_ms,
        "locked_until_ms": held.lock.until_ms if held.lock else None,
        "delivery_count": held.delivery_count,
        **_death(held),
        "properties": {
            name: _plain(value) for name, value in content.application_properties().items()
        },
        **_body(held, SHOWN_BODY_BYTES),
    }


def dead_letter(held: Held) -> dict[str, object]:
    """The short form, under the name of the entity in which it died."""
    shown = message(held) | _body(held, SHOWN_DEAD_BODY_BYTES)
    return shown | {"entity": held.dead.source if held.dead else held.entity}


def _death(held: Held) -> dict[str, object]:
    dead = held.dead
    return {
        "reason": dead.reason if dead else None,
        "description": dead.description if dead else None,
    }


def _body(held: Held, most: int) -> dict[str, object]:
    body = held.content.body()
    return {
        "body": body[:most].decode("utf-8", "replace"),
        "body_bytes": len(body),
        "truncated": len(body) > most,
    }


def _plain(value: object) -> object:
    """JSON has fewer kinds of values than AMQP."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
