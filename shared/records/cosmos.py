"""Documents in Cosmos DB, each saved in one transactional batch with all that belongs to it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic

from shared.contracts import Told
from shared.errors import Missing
from shared.platform.clock import Clock
from shared.records import audit
from shared.records.batch import Change
from shared.records.clashes import Exists, Needed, Taken
from shared.records.document import Beside, Chain, D, Stored
from shared.records.doubt import patiently
from shared.records.writing import write
from shared.telemetry import scope

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy

__all__ = ["CosmosDocuments", "Exists", "Needed", "Taken"]

MAX_ID_BYTES = 255
OF_KIND = "SELECT * FROM c WHERE c.tenant_id = @tenant AND c.kind = @kind"
TRAIL = (
    "SELECT * FROM c WHERE c.tenant_id = @tenant AND c.kind = 'audit' "
    "AND c.entry.document_id = @document"
)


class CosmosDocuments(Generic[D]):
    """Documents of one kind in one container. The partition is (tenant_id, key)."""

    def __init__(self, container: "ContainerProxy", kind: type[D], now: Clock) -> None:
        self._container = container
        self._kind = kind
        self._now = now

    async def get(self, tenant_id: str, document_id: str, key: str | None = None) -> Stored[D]:
        from azure.cosmos.exceptions import CosmosResourceNotFoundError

        if not _can_be_an_id(document_id):
            raise Missing(f"There is no {self._kind.__name__.lower()} with this id.")
        try:
            item = await patiently(
                lambda: self._container.read_item(document_id, [tenant_id, key or document_id])
            )
        except CosmosResourceNotFoundError as error:
            raise Missing(f"There is no {self._kind.__name__.lower()} {document_id}.") from error
        if item.get("kind") != self._kind.__name__:
            raise Missing(f"There is no {self._kind.__name__.lower()} {document_id}.")
        return self._stored(item)

    async def save(
        self,
        stored: Stored[D],
        action: str,
        *told: Told,
        beside: Sequence[Beside] = (),
    ) -> Stored[D]:
        change = Change(stored, action, self._now(), told, beside)
        try:
            etag, chain = await write(self._container, change)
        except Exists:
            if not scope.current().repeats:
                raise
            document = stored.document  # saved by the attempt before, under this very id
            return await self.get(document.tenant_id, document.id, document.key)
        return Stored(stored.document, etag or stored.etag, chain)

    async def remove(
        self, stored: Stored[D], action: str, *told: Told, beside: Sequence[Beside] = ()
    ) -> None:
        change = Change(stored, action, self._now(), told, beside, removed=True)
        await write(self._container, change)

    async def trail(
        self, tenant_id: str, document_id: str, key: str | None = None
    ) -> audit.AuditTrail:
        """The audit trail of one document, checked. Raises Missing."""
        stored = await self.get(tenant_id, document_id, key)
        parameters = {"@tenant": tenant_id, "@document": document_id}
        items = await self._items(TRAIL, parameters, [tenant_id, key or document_id])
        entries = [audit.AuditEntry.model_validate(item["entry"]) for item in items]
        return audit.check(document_id, entries, stored.chain)

    async def where(
        self,
        tenant_id: str,
        condition: str = "",
        parameters: Mapping[str, object] | None = None,
        *,
        key: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> list[Stored[D]]:
        """Newest first (ids are UUIDv7). `condition` is SQL over `c`, joined to tenant and kind.

        `after` is the id to continue behind; `key` narrows the search to one partition.
        """
        values = {"@tenant": tenant_id, "@kind": self._kind.__name__} | dict(parameters or {})
        sql = OF_KIND + (f" AND ({condition})" if condition else "")
        if after is not None:
            sql += " AND c.id < @after"
            values["@after"] = after
        sql += " ORDER BY c.id DESC"
        if limit is not None:
            sql += f" OFFSET 0 LIMIT {int(limit)}"
        partition = [tenant_id] if key is None else [tenant_id, key]
        found = [self._stored(item) for item in await self._items(sql, values, partition)]
        # Where a tenant lies in several physical partitions, each gives its own newest in turn.
        found.sort(key=lambda stored: stored.document.id, reverse=True)
        return found[:limit]

    async def _items(
        self, sql: str, parameters: Mapping[str, object], partition: list[str]
    ) -> list[dict[str, Any]]:
        named: list[dict[str, object]] = [
            {"name": name, "value": value} for name, value in parameters.items()
        ]

        async def ask() -> list[dict[str, Any]]:
            items = self._container.query_items(sql, parameters=named, partition_key=partition)
            return [item async for item in items]

        return await patiently(ask)

    def _stored(self, item: dict[str, Any]) -> Stored[D]:
        return stored_of(self._kind, item)


def stored_of(kind: type[D], item: Mapping[str, Any]) -> Stored[D]:
    """A document as Cosmos keeps it, read."""
    chain = item.get("chain") or {}
    return Stored(
        kind.model_validate(item),
        item["_etag"],
        Chain(chain.get("length", 0), chain.get("head", "")),
    )


def _can_be_an_id(document_id: str) -> bool:
    return (
        bool(document_id)
        and len(document_id.encode()) <= MAX_ID_BYTES
        and not set(document_id) & set("/\\?#")
    )
