"""What documents in Cosmos DB, messages and sent mail say of a correlation id. Pure.

The shapes are those of the app's audit entries and outbox items, and of its messages.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from local.board.timelines.entry import Entry

QUERY = (
    "SELECT * FROM c WHERE (c.kind = 'audit' AND c.entry.correlation_id = @id) "
    "OR (c.kind = 'outbox' AND c.correlation_id = @id)"
)
PUT_ASIDE = "poison"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SAME = timedelta(seconds=3)
A_SECOND = timedelta(seconds=1)


def audited(container: str, item: Mapping[str, Any]) -> Entry | None:
    """None for what is not an audit entry."""
    entry = item.get("entry")
    at = _moment(entry.get("at")) if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or at is None:
        return None
    shown = ("document_id", "number", "actor", "changes")
    return Entry(
        id=f"{container}/{item.get('id')}",
        at=at,
        kind="audit",
        title=str(entry.get("action") or "changed"),
        capability=container,
        detail={"container": container} | {name: entry.get(name) for name in shown},
    )


def told(container: str, item: Mapping[str, Any]) -> Entry | None:
    """An outbox item: an event goes to its owner's topic, a job to a queue."""
    message_id, told_type = str(item.get("message_id") or ""), str(item.get("type") or "")
    if not message_id:
        return None
    destination = str(item.get("destination") or "")
    at, uncertain = _made(message_id, item.get("_ts"))
    shown = ("message_id", "destination", "session_id", "actor", "body")
    return Entry(
        id=f"{container}/{item.get('id')}",
        at=at,
        uncertain=uncertain,
        kind="event" if told_type.partition(".")[0] == destination else "job",
        title=told_type,
        capability=container,
        outcome="told",
        detail={"container": container} | {name: item.get(name) for name in shown},
    )


def held(message: Mapping[str, Any], *, dead: bool) -> Entry:
    """A message that waits in the broker, or has died there."""
    given_up = dead or message.get("entity") == PUT_ASIDE
    return Entry(
        id=f"message:{message.get('entity')}:{int(dead)}:{message.get('sequence_number')}",
        at=_moment(message.get("enqueued_at")) or EPOCH,
        kind="dead-letter" if given_up else "waiting",
        title=str(message.get("subject") or message.get("message_id") or "a message"),
        outcome=str(message.get("reason") or message.get("state") or ""),
        failed=given_up,
        detail=dict(message),
    )


def sent(message: Mapping[str, Any], url: str) -> Entry:
    to = [str(each.get("address")) for each in message.get("to") or [] if isinstance(each, dict)]
    return Entry(
        id=f"sent:{message.get('id')}",
        at=_moment(message.get("at")) or EPOCH,
        kind="sent",
        title=str(message.get("subject") or message.get("text") or "")[:200],
        capability="notifications",
        outcome="sent",
        detail={"channel": message.get("channel"), "to": to, "url": url},
    )


def ids_of_sent(audits: Iterable[Entry]) -> dict[str, Entry]:
    """Under which ids the recorder may have taken a message, each with the change that says so.

    An e-mail has the id of its delivery; the provider's own id is among the changes at its end.
    """
    found: dict[str, Entry] = {}
    for audit in audits:
        changes = audit.detail.get("changes")
        provider = changes.get("provider_id") if isinstance(changes, dict) else None
        if isinstance(provider, list) and len(provider) == 2 and provider[1]:
            found[str(provider[1])] = audit
        found.setdefault(str(audit.detail.get("document_id")), audit)
    return found


def _made(message_id: str, saved_s: Any) -> tuple[datetime, timedelta]:
    """When a UUIDv7 was made (RFC 9562, section 5.7), if that was when its item was saved.

    Other ids tell no time, and those of a repeated attempt are as old as those of the first; the
    service says to the second when an item was saved.
    """
    made = _time_of(message_id)
    if not isinstance(saved_s, int | float):
        return made or EPOCH, timedelta(0)
    saved = EPOCH + timedelta(seconds=float(saved_s))
    if made is None or abs(made - saved) > SAME:
        return saved, A_SECOND
    return made, timedelta(0)


def _time_of(message_id: str) -> datetime | None:
    try:
        found = UUID(message_id)
    except ValueError:
        return None
    return EPOCH + timedelta(milliseconds=found.int >> 80) if found.version == 7 else None


def _moment(found: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(found)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
