"""Documents of several kinds, found with one query: what is decided together is read together."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared.records.cosmos import stored_of
from shared.records.document import D, Document, Stored
from shared.records.doubt import patiently

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy

OF_KINDS = "SELECT * FROM c WHERE c.tenant_id = @tenant AND ARRAY_CONTAINS(@kinds, c.kind)"


class Found:
    """What one query brought, by kind."""

    def __init__(self, documents: list[Stored[Any]]) -> None:
        self._documents = documents

    def of(self, kind: type[D]) -> list[Stored[D]]:
        return [stored for stored in self._documents if isinstance(stored.document, kind)]

    def one(self, kind: type[D], document_id: str | None = None) -> Stored[D] | None:
        """The first of a kind, or the one with this id."""
        wanted = (s for s in self.of(kind) if document_id in (None, s.document.id))
        return next(wanted, None)


class CosmosSeveral:
    """Documents of these kinds in one container. For changes, each kind has its own."""

    def __init__(self, container: "ContainerProxy", *kinds: type[Document]) -> None:
        self._container = container
        self._kinds = {kind.__name__: kind for kind in kinds}

    async def where(
        self,
        tenant_id: str,
        condition: str,
        parameters: Mapping[str, object],
        *,
        key: str | None = None,
    ) -> Found:
        """`condition` is SQL over `c`. Without `key` all of the tenant's partitions are asked."""
        values = {"@tenant": tenant_id, "@kinds": sorted(self._kinds)} | dict(parameters)

        async def ask() -> list[dict[str, Any]]:
            items = self._container.query_items(
                OF_KINDS + f" AND ({condition})",
                parameters=[{"name": name, "value": value} for name, value in values.items()],
                partition_key=[tenant_id] if key is None else [tenant_id, key],
            )
            return [item async for item in items]

        items = await patiently(ask)
        return Found([stored_of(self._kinds[item["kind"]], item) for item in items])
