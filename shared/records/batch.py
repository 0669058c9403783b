"""What one save writes: a document, its audit entry, what it tells, that it was done. Pure.

Everything lands in one Cosmos transactional batch in one partition, so that it is there together
or not at all.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts import Told
from shared.records.audit import AuditEntry, entry_for
from shared.records.document import Beside, Chain, Document, Stored
from shared.telemetry.scope import Scope

DAY_S = 24 * 60 * 60
INBOX_TTL_S = 15 * DAY_S  # a day longer than Service Bus keeps a message


@dataclass(frozen=True)
class Operation:
    """One line of a batch. `clash` says what a 404, 409 or 412 of it means: stale, taken, needed,
    exists or done."""

    kind: str
    item: dict[str, Any]
    clash: str
    etag: str | None = None


@dataclass(frozen=True)
class Change:
    """A save to be made: what stood before, what stands now (None: removed), what it is called."""

    stored: Stored[Any]
    action: str
    at: datetime
    told: Sequence[Told] = ()
    beside: Sequence[Beside] = ()
    removed: bool = False


def operations(change: Change, scope: Scope) -> tuple[list[Operation], Chain]:
    """The batch, and the chain as it is afterwards."""
    document: Document = change.stored.document
    chain, trail = _audited(change, scope) if document.audited else (change.stored.chain, [])
    done_once = (
        [Operation("create", _inbox_item(document, scope), "done")] if scope.handling else []
    )
    batch = [
        *done_once,  # first, so that a redelivery is known as one whatever else it would meet
        _main(change.stored, chain, removed=change.removed),
        *trail,
        *(line for beside in change.beside for line in _beside(beside, change, scope)),
        *(
            Operation("create", _outbox_item(document, told, scope), "stale")
            for told in change.told
        ),
    ]
    return batch, chain


def _audited(change: Change, scope: Scope) -> tuple[Chain, list[Operation]]:
    """The change's entry, and the chain with it."""
    stored = change.stored
    entry = entry_for(
        None if change.removed else stored.document,
        stored.document if change.removed else stored.before,
        change.action,
        stored.chain,
        scope,
        change.at,
    )
    item = _audit_item(stored.document, entry)
    return Chain(entry.number, entry.hash), [Operation("create", item, "stale")]


def item_of(document: Document, chain: Chain | None = None) -> dict[str, Any]:
    """A document as Cosmos keeps it."""
    item = document.model_dump(mode="json")
    if document.ttl is None:
        del item["ttl"]
    item |= {"kind": type(document).__name__, "key": document.key}
    if chain:
        item["chain"] = {"length": chain.length, "head": chain.head}
    return item


def _main(stored: Stored[Any], chain: Chain, *, removed: bool) -> Operation:
    """`write` is this save's alone: two may write the same, as when both count one further."""
    item = item_of(stored.document, chain) | {"write": secrets.token_hex(8)}
    if removed:
        return Operation("delete", item, "stale", stored.etag)
    if stored.etag is None:
        return Operation("create", item, "exists")
    return Operation("replace", item, "stale", stored.etag)


def _beside(beside: Beside, change: Change, scope: Scope) -> list[Operation]:
    if beside.exists == "removed":
        etag = beside.stored.etag if beside.stored else None
        return [Operation("delete", item_of(beside.document), "stale", etag)]
    if beside.stored is not None:
        return _known_beside(beside.stored.now(beside.document), change, scope)
    item = item_of(beside.document)
    if beside.exists == "taken":
        return [Operation("create", item, "taken")]
    if beside.exists == "needed":
        return [Operation("replace", item, "needed")]
    return [Operation("upsert", item, "stale")]


def _known_beside(stored: Stored[Any], change: Change, scope: Scope) -> list[Operation]:
    """A second document with a version and a trail of its own."""
    if not stored.document.audited:
        return [_main(stored, stored.chain, removed=False)]
    chain, trail = _audited(Change(stored, change.action, change.at), scope)
    return [_main(stored, chain, removed=False), *trail]


def _audit_item(document: Document, entry: AuditEntry) -> dict[str, Any]:
    return _marker(document, f"audit:{document.id}:{entry.number:08}", "audit") | {
        "entry": entry.model_dump(mode="json")
    }


def _inbox_item(document: Document, scope: Scope) -> dict[str, Any]:
    if scope.handling is None:
        raise ValueError("no message is being handled")
    name = f"inbox:{scope.handling.function}:{scope.handling.message_id}:{document.id}"
    return _marker(document, name, "inbox") | {"ttl": INBOX_TTL_S}


def outbox_item(told: Told, session_id: str, scope: Scope) -> dict[str, Any]:
    """What the relay needs to send it: where to, as what, in which correlation."""
    return {
        "destination": told.destination(),
        "message_id": told.id,
        "type": told.type,
        "session_id": session_id,
        "correlation_id": scope.correlation_id,
        "traceparent": scope.traceparent,
        "actor": {"kind": scope.actor.kind, "id": scope.actor.id},
        "body": told.model_dump(mode="json"),
    }


def _outbox_item(document: Document, told: Told, scope: Scope) -> dict[str, Any]:
    """Waits beside its document until the relay has sent it, and then expires."""
    marker = _marker(document, f"outbox:{told.id}", "outbox")
    return marker | {"ttl": told.kept_s} | outbox_item(told, document.id, scope)


def _marker(document: Document, item_id: str, kind: str) -> dict[str, Any]:
    return {"id": item_id, "tenant_id": document.tenant_id, "key": document.key, "kind": kind}
