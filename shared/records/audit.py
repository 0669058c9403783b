"""The audit trail: one entry for each change, each bound to the one before it by its hash.

An entry's hash is the SHA-256 of its canonical JSON without `hash` itself: keys sorted, no white
space, UTF-8, and whole numbers without a fraction, since a store may give 612.0 back as 612 (as
RFC 8785 has it). Whoever alters, drops or inserts an entry breaks every hash that follows.

Of `personal` fields the hash knows pseudonyms alone: HMAC-SHA256 of the canonical JSON of
[field, value] under the entry's `salt`. Once a person is forgotten, the pseudonyms stand where the
values stood and the salt is gone: the chain holds as before, and nothing leads back.
"""

import hmac
import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import AwareDatetime, ConfigDict, Field

from shared.model import Model
from shared.records.document import Chain, Document
from shared.telemetry.scope import Scope

HIDDEN = "(hidden)"
PSEUDONYM = "pseudonym:"
EXACT = 2**53  # whole numbers up to here are the same in every JSON reader


class AuditActor(Model):
    """Who made the change."""

    kind: str
    id: str


class AuditEntry(Model):
    """Who did what to which document and when; `changes` maps a field to [before, after].

    `personal` names the fields of a person, if there are any; without `salt` they are forgotten.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    document_id: str
    number: int
    at: AwareDatetime
    actor: AuditActor
    action: str
    changes: dict[str, list[Any]]
    personal: list[str] = Field(default_factory=list)
    salt: str = ""
    correlation_id: str
    previous_hash: str
    hash: str = ""

    def computed_hash(self) -> str:
        without = {"hash", "salt"} if self.personal else {"hash", "salt", "personal"}
        return sha256(
            canonical(self.forgotten().model_dump(mode="json", exclude=without))
        ).hexdigest()

    def forgotten(self) -> "AuditEntry":
        """With pseudonyms for whatever is personal. Its hash stays the same."""
        if not self.salt:
            return self
        pseudonyms = {
            name: [_pseudonym(self.salt, name, value) for value in self.changes[name]]
            for name in self.personal
        }
        return self.model_copy(update={"changes": {**self.changes, **pseudonyms}, "salt": ""})


def _pseudonym(salt: str, name: str, value: Any) -> str | None:
    if value is None:
        return None
    return PSEUDONYM + hmac.digest(salt.encode(), canonical([name, value]), "sha256").hex()


def canonical(content: Any) -> bytes:
    """The same bytes for the same content, whatever store it has been through."""
    return json.dumps(
        _whole(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def _whole(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _whole(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_whole(each) for each in node]
    if isinstance(node, float) and node.is_integer() and abs(node) < EXACT:
        return int(node)
    return node


class AuditTrail(Model):
    """A document's whole trail, and whether it is unbroken up to the document as it stands."""

    document_id: str
    entries: list[AuditEntry]
    intact: bool
    problems: list[str]


def entry_for(
    document: Document | None,
    before: Document | None,
    action: str,
    chain: Chain,
    scope: Scope,
    at: datetime,
) -> AuditEntry:
    """The entry of one change: `document` is None when removed, `before` when new."""
    subject = document or before
    if subject is None:
        raise ValueError("a change needs a document")
    changed = changes(before, document)
    personal = sorted((subject.personal - subject.hidden) & changed.keys())
    entry = AuditEntry(
        document_id=subject.id,
        number=chain.length + 1,
        at=at,
        actor=AuditActor(kind=scope.actor.kind, id=scope.actor.id),
        action=action,
        changes=changed,
        personal=personal,
        salt=secrets.token_hex(16) if personal else "",
        correlation_id=scope.correlation_id,
        previous_hash=chain.head,
    )
    return entry.model_copy(update={"hash": entry.computed_hash()})


def changes(before: Document | None, after: Document | None) -> dict[str, list[Any]]:
    """Field by field, what it was and what it is; hidden fields only say that they changed."""
    old = _content(before) if before else {}
    new = _content(after) if after else {}
    hidden = (after or before or Document(id="", tenant_id="")).hidden
    changed = [name for name in old | new if old.get(name) != new.get(name)]
    return {
        name: [HIDDEN, HIDDEN] if name in hidden else [old.get(name), new.get(name)]
        for name in sorted(changed)
    }


def _content(document: Document) -> dict[str, Any]:
    """Without what only repeats other fields."""
    return document.model_dump(mode="json", exclude=set(type(document).model_computed_fields))


def check(document_id: str, entries: Iterable[AuditEntry], chain: Chain) -> AuditTrail:
    """Recompute every hash and compare the end with what the document itself remembers."""
    ordered = sorted(entries, key=lambda entry: entry.number)
    problems = list(_problems(ordered, chain))
    return AuditTrail(
        document_id=document_id, entries=ordered, intact=not problems, problems=problems
    )


def _problems(entries: Sequence[AuditEntry], chain: Chain) -> Iterable[str]:
    head = ""
    for position, entry in enumerate(entries, start=1):
        if entry.number != position:
            yield f"Entry {position} is missing; found number {entry.number}."
        if entry.previous_hash != head:
            yield f"Entry {entry.number} does not follow the entry before it."
        if entry.hash != entry.computed_hash():
            yield f"Entry {entry.number} was altered."
        head = entry.hash
    if (len(entries), head) != (chain.length, chain.head):
        yield f"The trail ends at {len(entries)}, the document says {chain.length}."
