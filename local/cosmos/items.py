"""What can be done to one item, and what is refused. Runs in the caller's transaction."""

from collections.abc import Callable
from dataclasses import dataclass

from local.cosmos import charges
from local.cosmos.container import Container
from local.cosmos.errors import bad_request, etag_mismatch, item_exists, item_not_found
from local.cosmos.identifiers import checked_id
from local.cosmos.items_table import ItemsTable, StoredItem
from local.cosmos.partition import PartitionKey
from local.cosmos.resource_ids import item_rid, new_etag
from local.cosmos.store import Store
from local.cosmos.strictness import check_item
from local.cosmos.unique_keys import UniqueKeys
from local.cosmos.wire import Document, Value

SYSTEM_PROPERTIES = ("_rid", "_self", "_etag", "_attachments", "_ts")


@dataclass(frozen=True, slots=True)
class Conditions:
    """The ETags a request names: the version it builds on, and the one it has already."""

    if_match: str | None = None
    if_none_match: str | None = None

    def check_match(self, etag: str) -> None:
        """Raises 412 where the client builds on another version."""
        if self.if_match not in (None, "*", etag):
            raise etag_mismatch()

    def has_already(self, etag: str) -> bool:
        return self.if_none_match in ("*", etag)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened, as HTTP says it. `document` is None for 204 and 304."""

    status: int
    document: Document | None = None
    etag: str | None = None
    charge: float = charges.REFUSED


@dataclass(frozen=True, slots=True)
class Partition:
    """The place an operation is about: one logical partition of one container."""

    container: Container
    key: PartitionKey


class Items:
    """Each operation answers an `Outcome` or raises a Refusal."""

    def __init__(self, store: Store, table: ItemsTable) -> None:
        self._store = store
        self._table = table
        self._unique = UniqueKeys(store)

    def create(self, within: Partition, document: Document) -> Outcome:
        identifier = self._checked(within, document)
        self._table.purge_expired(within.container)
        if self._table.get(within.container, within.key, identifier) is not None:
            raise item_exists()
        return _written(201, within, self._insert(within, document))

    def upsert(
        self, within: Partition, document: Document, conditions: Conditions = Conditions()
    ) -> Outcome:
        identifier = self._checked(within, document)
        self._table.purge_expired(within.container)
        existing = self._table.get(within.container, within.key, identifier)
        if existing is None:
            return _written(201, within, self._insert(within, document))
        _check_match(existing, conditions)
        return _written(200, within, self._update(within, document, existing), existing)

    def read(
        self, within: Partition, identifier: str, conditions: Conditions = Conditions()
    ) -> Outcome:
        existing = self._existing(within, identifier)
        etag = existing.document["_etag"]
        if conditions.has_already(etag):
            return Outcome(304, etag=etag)
        return Outcome(200, existing.document, etag, charges.read(existing.size))

    def replace(
        self,
        within: Partition,
        identifier: str,
        document: Document,
        conditions: Conditions = Conditions(),
    ) -> Outcome:
        existing = self._existing(within, identifier)
        _check_match(existing, conditions)
        if self._checked(within, document) != identifier:
            raise bad_request("The id in the document differs from the id in the request.")
        return _written(200, within, self._update(within, document, existing), existing)

    def delete(
        self, within: Partition, identifier: str, conditions: Conditions = Conditions()
    ) -> Outcome:
        existing = self._existing(within, identifier)
        _check_match(existing, conditions)
        self._table.delete(existing.row)
        return Outcome(204, charge=_cost(within, existing))

    def change(
        self,
        within: Partition,
        identifier: str,
        change: Callable[[Document], Document],
        conditions: Conditions = Conditions(),
    ) -> Outcome:
        """Replace the item by what `change` makes of it."""
        existing = self._existing(within, identifier)
        _check_match(existing, conditions)
        changed = change(existing.document)
        if self._checked(within, changed) != identifier:
            raise bad_request("The id of an item cannot be changed.")
        return _written(200, within, self._update(within, changed, existing), existing)

    def _existing(self, within: Partition, identifier: str) -> StoredItem:
        existing = self._table.get(within.container, within.key, identifier)
        if existing is None:
            raise item_not_found()
        return existing

    def _checked(self, within: Partition, document: Document) -> str:
        identifier = checked_id(document)
        _check_ttl(document.get("ttl"), present="ttl" in document)
        if within.container.key_of(document) != within.key:
            raise bad_request(
                "PartitionKey extracted from document doesn't match the one specified in the "
                "header.",
                1001,
            )
        return identifier

    def _insert(self, within: Partition, document: Document) -> StoredItem:
        lsn = self._store.next_lsn()
        stamped = self._stamp(within.container, document, item_rid(within.container.rid, lsn))
        stored = self._table.insert(within.container, within.key, stamped, lsn)
        self._unique.claim(within.container, within.key, stamped, stored.row)
        return stored

    def _update(self, within: Partition, document: Document, existing: StoredItem) -> StoredItem:
        lsn = self._store.next_lsn()
        stamped = self._stamp(within.container, document, existing.document["_rid"])
        self._unique.claim(within.container, within.key, stamped, existing.row)
        return self._table.update(within.container, existing.row, stamped, lsn)

    def _stamp(self, container: Container, document: Document, rid: str) -> Document:
        check_item(document)
        stamped = {name: value for name, value in document.items() if name not in SYSTEM_PROPERTIES}
        stamped["_rid"] = rid
        stamped["_self"] = f"{container.properties['_self']}docs/{rid}/"
        stamped["_etag"] = new_etag()
        stamped["_attachments"] = "attachments/"
        stamped["_ts"] = int(self._store.now())
        return stamped


def _written(
    status: int, within: Partition, stored: StoredItem, old: StoredItem | None = None
) -> Outcome:
    charge = _cost(within, stored)
    if old is not None:
        charge = charges.replaced(charge, _cost(within, old))
    return Outcome(status, stored.document, stored.document["_etag"], charge)


def _cost(within: Partition, stored: StoredItem) -> float:
    return charges.created(stored.size, within.container.indexing.terms(stored.document))


def _check_match(existing: StoredItem, conditions: Conditions) -> None:
    conditions.check_match(existing.document["_etag"])


def _check_ttl(ttl: Value, *, present: bool) -> None:
    whole = isinstance(ttl, int) and not isinstance(ttl, bool)
    if present and not (whole and (ttl == -1 or 0 < ttl < 2**31)):
        raise bad_request(
            f"The input ttl '{ttl}' is invalid. Ensure to provide a nonzero positive integer less "
            "than or equal to '2147483647', or -1."
        )
