"""Takes away what tells of a person: documents that are theirs, and what trails say of them.

Trails stay, with pseudonyms (shared.records.audit). Each step is safe to repeat: what is gone is
not found again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from shared.records.audit import AuditEntry

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy

LINES = 100  # of a Cosmos batch
OF_TENANT = "SELECT * FROM c WHERE c.tenant_id = @tenant"
THEIRS = "c.user_id = @user"
# Trails of what is theirs, be it long gone: the entry that made it, or made it theirs, says so.
ENTRIES = "c.kind = 'audit' AND c.entry.changes.user_id[1] = @user"
LEGIBLE = (
    "c.kind = 'audit' AND c.entry.salt != '' AND ARRAY_CONTAINS(@documents, c.entry.document_id)"
)

Item = Mapping[str, Any]
Line = tuple[Any, ...]


class Forgetting:
    """In one container."""

    def __init__(self, container: "ContainerProxy") -> None:
        self._container = container

    async def person(self, tenant_id: str, user_id: str, *, spared: Iterable[str] = ()) -> None:
        """All documents with this `user_id`, but those of the `spared` kinds."""
        user = {"@user": user_id}
        trails: dict[str, set[str]] = defaultdict(set)
        for item in await self.found(tenant_id, ENTRIES, user):
            trails[item["key"]].add(item["entry"]["document_id"])
        for key, documents in trails.items():
            await self.trails(tenant_id, key, documents)
        theirs = await self.found(tenant_id, THEIRS, user)
        await self.removed(tenant_id, [item for item in theirs if item["kind"] not in spared])

    async def trails(self, tenant_id: str, key: str, documents: Iterable[str]) -> None:
        """Pseudonyms for what is personal in the trails of these documents of one partition."""
        wanted = {"@documents": sorted(documents)}
        found = await self.found(tenant_id, LEGIBLE, wanted, key)
        await self.written(tenant_id, key, [_forgotten(item) for item in found])

    async def removed(self, tenant_id: str, items: Iterable[Item]) -> None:
        by_key: dict[str, list[Line]] = defaultdict(list)
        for item in items:
            by_key[item["key"]].append(("delete", (item["id"],), {}))
        for key, lines in by_key.items():
            await self.written(tenant_id, key, lines)

    async def written(self, tenant_id: str, key: str, lines: list[Line]) -> None:
        for start in range(0, len(lines), LINES):
            await self._container.execute_item_batch(
                lines[start : start + LINES], partition_key=[tenant_id, key]
            )

    async def found(
        self, tenant_id: str, condition: str, values: Mapping[str, object], key: str | None = None
    ) -> list[Item]:
        """`condition` is SQL over `c`. Without `key` all of the tenant's partitions are asked."""
        named = {"@tenant": tenant_id, **values}
        items = self._container.query_items(
            f"{OF_TENANT} AND ({condition})",
            parameters=[{"name": name, "value": value} for name, value in named.items()],
            partition_key=[tenant_id] if key is None else [tenant_id, key],
        )
        return [item async for item in items]


def _forgotten(item: Item) -> Line:
    kept = {name: value for name, value in item.items() if not name.startswith("_")}
    entry = AuditEntry.model_validate(item["entry"]).forgotten()
    return "replace", (item["id"], {**kept, "entry": entry.model_dump(mode="json")}), {}
