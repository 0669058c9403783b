"""The `serviceBus` part of topology.json, in ARM's property names, as settings of entities."""

import dataclasses
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from local.servicebus.rules.reading import RuleError, rules_of
from local.servicebus.settings import QueueSettings, TopicSettings, Topology

_DURATION = re.compile(
    r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
DEFAULT_WINDOW_MS = 600_000
STANDARD_TIER_KIB = 256
PREMIUM_TIER_KIB = 100 * 1024
SMALLEST_ENTITY_MIB = 1024
LARGEST_ENTITY_MIB = 80 * 1024
T = TypeVar("T")


class TopologyError(ValueError):
    """The topology file does not say what it should."""


def read_topology(path: Path) -> Topology:
    """Raises TopologyError with the name of the entity at fault."""
    document = json.loads(path.read_text(encoding="utf-8"))
    part = document.get("serviceBus", {})
    queues = tuple(_queue(item) for item in part.get("queues", []))
    topics = tuple(_topic(item) for item in part.get("topics", []))
    _distinct([queue.name for queue in queues] + [topic.name for topic in topics])
    topology = Topology(queues, topics)
    _check_forwarding(topology)
    return topology


def milliseconds(duration: str) -> int:
    """An ISO 8601 duration of days and smaller units. Raises TopologyError."""
    match = _DURATION.fullmatch(duration)
    if match is None or duration.endswith(("P", "T")):
        raise TopologyError(f"'{duration}' is not an ISO 8601 duration")
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000)


def _queue(item: Mapping[str, object]) -> QueueSettings:
    if "rules" in item or "correlationFilter" in item:
        raise TopologyError(f"'{item.get('name', '?')}': a queue has no rules, subscriptions do")
    return _holder(item)


def _holder(item: Mapping[str, object]) -> QueueSettings:
    """A queue or a subscription."""
    _refuse_what_is_not_kept(item)
    return QueueSettings(
        name=_get(item, "name", "", str),
        lock_ms=_duration(item, "lockDuration") or 60_000,
        max_delivery_count=_get(item, "maxDeliveryCount", 10, int),
        requires_session=_get(item, "requiresSession", False, bool),
        duplicate_window_ms=_duplicate_window_ms(item),
        default_ttl_ms=_duration(item, "defaultMessageTimeToLive"),
        dead_letter_on_expiry=_get(item, "deadLetteringOnMessageExpiration", False, bool),
        max_message_bytes=_max_message_bytes(item),
        max_bytes=_max_bytes(item),
        forward_to=_get(item, "forwardTo", "", str) or None,
        forward_dead_letters_to=_get(item, "forwardDeadLetteredMessagesTo", "", str) or None,
    )


def _subscription(item: Mapping[str, object]) -> QueueSettings:
    settings = _holder(item)
    try:
        return dataclasses.replace(settings, rules=rules_of(item))
    except RuleError as error:
        raise TopologyError(f"'{settings.name}': {error}") from error


def _topic(item: Mapping[str, object]) -> TopicSettings:
    _refuse_what_is_not_kept(item)
    subscriptions = _get(item, "subscriptions", [], list)
    _distinct([_get(subscription, "name", "", str) for subscription in subscriptions])
    return TopicSettings(
        name=_get(item, "name", "", str),
        duplicate_window_ms=_duplicate_window_ms(item),
        default_ttl_ms=_duration(item, "defaultMessageTimeToLive"),
        max_message_bytes=_max_message_bytes(item),
        max_bytes=_max_bytes(item),
        subscriptions=tuple(_subscription(subscription) for subscription in subscriptions),
    )


def _refuse_what_is_not_kept(item: Mapping[str, object]) -> None:
    """Entities that would behave otherwise in Azure."""
    name = item.get("name", "?")
    if item.get("enablePartitioning"):
        raise TopologyError(f"'{name}': partitioned entities are not supported")
    if item.get("status", "Active") != "Active":
        raise TopologyError(f"'{name}': only the status Active is supported")


def _check_forwarding(topology: Topology) -> None:
    names = {queue.name.lower() for queue in topology.queues}
    names |= {topic.name.lower() for topic in topology.topics}
    sources = [
        *topology.queues,
        *(each for topic in topology.topics for each in topic.subscriptions),
    ]
    for source in sources:
        for target in (source.forward_to, source.forward_dead_letters_to):
            if target is not None and target.lower() not in names:
                raise TopologyError(f"'{source.name}': there is no queue or topic '{target}'")
        if source.forward_to and source.requires_session:
            raise TopologyError(f"'{source.name}': what requires sessions cannot forward")
    for queue in topology.queues:
        for target in (queue.forward_to, queue.forward_dead_letters_to):
            if target is not None and target.lower() == queue.name.lower():
                raise TopologyError(f"'{queue.name}' cannot forward to itself")


def _duplicate_window_ms(item: Mapping[str, object]) -> int:
    """A window alone says that duplicates are looked for, unless it is said that they are not."""
    window = _duration(item, "duplicateDetectionHistoryTimeWindow")
    wanted = _get(item, "requiresDuplicateDetection", window is not None, bool)
    return (window or DEFAULT_WINDOW_MS) if wanted else 0


def _max_message_bytes(item: Mapping[str, object]) -> int:
    """Of the Standard tier, unless it says more: only entities of the Premium tier may."""
    kib = _get(item, "maxMessageSizeInKilobytes", STANDARD_TIER_KIB, int)
    if not STANDARD_TIER_KIB <= kib <= PREMIUM_TIER_KIB:
        raise TopologyError(
            f"'{item.get('name')}': maxMessageSizeInKilobytes is {STANDARD_TIER_KIB} in the "
            f"Standard tier and at most {PREMIUM_TIER_KIB} in the Premium tier"
        )
    return kib * 1024


def _max_bytes(item: Mapping[str, object]) -> int:
    mib = _get(item, "maxSizeInMegabytes", SMALLEST_ENTITY_MIB, int)
    if not 1 <= mib <= LARGEST_ENTITY_MIB:
        raise TopologyError(
            f"'{item.get('name')}': maxSizeInMegabytes is 1 to {LARGEST_ENTITY_MIB}"
        )
    return mib * 1024 * 1024


def _duration(item: Mapping[str, object], name: str) -> int | None:
    value = _get(item, name, "", str)
    return milliseconds(value) if value else None


def _get(item: Mapping[str, object], name: str, default: T, kind: type[T]) -> T:
    value = item.get(name, default)
    if kind is int and isinstance(value, bool):
        raise TopologyError(f"'{item.get('name', '?')}': {name} is not a number")
    if not isinstance(value, kind) or (name == "name" and not value):
        raise TopologyError(f"'{item.get('name', '?')}': {name} is not a {kind.__name__}")
    return value


def _distinct(names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            raise TopologyError(f"'{name}' is there twice")
        seen.add(name.lower())
