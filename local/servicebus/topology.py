"""The `serviceBus` part of topology.json, in ARM's property names, as settings of entities."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from local.servicebus.filters import CorrelationFilter

_DURATION = re.compile(
    r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_FILTER_NAMES = {
    "label": "subject",
    "correlationId": "correlation_id",
    "messageId": "message_id",
    "sessionId": "session_id",
    "to": "to",
    "replyTo": "reply_to",
    "contentType": "content_type",
    "properties": "properties",
}
STANDARD_TIER_KIB = 256
T = TypeVar("T")


class TopologyError(ValueError):
    """The topology file does not say what it should."""


@dataclass(frozen=True)
class QueueSettings:
    """A queue, or a subscription with what it takes. `filter` None takes everything."""

    name: str
    lock_ms: int = 60_000
    max_delivery_count: int | None = 10
    requires_session: bool = False
    duplicate_window_ms: int = 0
    default_ttl_ms: int | None = None
    dead_letter_on_expiry: bool = False
    max_message_bytes: int = STANDARD_TIER_KIB * 1024
    filter: CorrelationFilter | None = None


@dataclass(frozen=True)
class TopicSettings:
    name: str
    duplicate_window_ms: int = 0
    default_ttl_ms: int | None = None
    max_message_bytes: int = STANDARD_TIER_KIB * 1024
    subscriptions: tuple[QueueSettings, ...] = ()


@dataclass(frozen=True)
class Topology:
    queues: tuple[QueueSettings, ...] = field(default=())
    topics: tuple[TopicSettings, ...] = field(default=())


def read_topology(path: Path) -> Topology:
    """Raises TopologyError with the name of the entity at fault."""
    document = json.loads(path.read_text(encoding="utf-8"))
    part = document.get("serviceBus", {})
    queues = tuple(_queue(item) for item in part.get("queues", []))
    topics = tuple(_topic(item) for item in part.get("topics", []))
    _distinct([queue.name for queue in queues] + [topic.name for topic in topics])
    return Topology(queues, topics)


def milliseconds(duration: str) -> int:
    """An ISO 8601 duration of days and smaller units. Raises TopologyError."""
    match = _DURATION.fullmatch(duration)
    if match is None or duration.endswith(("P", "T")):
        raise TopologyError(f"'{duration}' is not an ISO 8601 duration")
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000)


def _queue(item: Mapping[str, object]) -> QueueSettings:
    name = _get(item, "name", "", str)
    return QueueSettings(
        name=name,
        lock_ms=_duration(item, "lockDuration") or 60_000,
        max_delivery_count=_get(item, "maxDeliveryCount", 10, int),
        requires_session=_get(item, "requiresSession", False, bool),
        duplicate_window_ms=_duration(item, "duplicateDetectionHistoryTimeWindow") or 0,
        default_ttl_ms=_duration(item, "defaultMessageTimeToLive"),
        dead_letter_on_expiry=_get(item, "deadLetteringOnMessageExpiration", False, bool),
        max_message_bytes=_max_message_bytes(item),
        filter=_filter(name, item.get("correlationFilter")),
    )


def _topic(item: Mapping[str, object]) -> TopicSettings:
    subscriptions = _get(item, "subscriptions", [], list)
    _distinct([_get(subscription, "name", "", str) for subscription in subscriptions])
    return TopicSettings(
        name=_get(item, "name", "", str),
        duplicate_window_ms=_duration(item, "duplicateDetectionHistoryTimeWindow") or 0,
        default_ttl_ms=_duration(item, "defaultMessageTimeToLive"),
        max_message_bytes=_max_message_bytes(item),
        subscriptions=tuple(_queue(subscription) for subscription in subscriptions),
    )


def _filter(owner: str, value: object) -> CorrelationFilter | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not value:
        raise TopologyError(f"'{owner}': a correlationFilter is an object with conditions")
    unknown = sorted(set(value) - set(_FILTER_NAMES))
    if unknown:
        # A condition that is not understood must not silently widen what a subscription takes.
        raise TopologyError(f"'{owner}': unknown filter conditions {', '.join(unknown)}")
    return CorrelationFilter(**{_FILTER_NAMES[name]: wanted for name, wanted in value.items()})


def _max_message_bytes(item: Mapping[str, object]) -> int:
    return _get(item, "maxMessageSizeInKilobytes", STANDARD_TIER_KIB, int) * 1024


def _duration(item: Mapping[str, object], name: str) -> int | None:
    value = _get(item, name, "", str)
    return milliseconds(value) if value else None


def _get(item: Mapping[str, object], name: str, default: T, kind: type[T]) -> T:
    value = item.get(name, default)
    if not isinstance(value, kind) or (name == "name" and not value):
        raise TopologyError(f"'{item.get('name', '?')}': {name} is not a {kind.__name__}")
    return value


def _distinct(names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            raise TopologyError(f"'{name}' is there twice")
        seen.add(name.lower())
