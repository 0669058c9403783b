"""Imports, each with its chunks in a partition of its own."""

from collections.abc import Sequence

from functions.auth.domain.imports import Import, ImportChunk
from shared.records.batch import item_of
from shared.records.cosmos import CosmosDocuments

CHUNKS_A_BATCH = 8  # of at most 200 kB each; a batch takes 2 MB


class CosmosImports(CosmosDocuments[Import]):
    """How far they are."""


class CosmosChunks(CosmosDocuments[ImportChunk]):
    """The rows of an import, and what became of them."""

    async def put(self, chunks: Sequence[ImportChunk]) -> None:
        """Before the import itself, which makes them count."""
        for start in range(0, len(chunks), CHUNKS_A_BATCH):
            some = chunks[start : start + CHUNKS_A_BATCH]
            await self._container.execute_item_batch(
                [("upsert", (item_of(chunk),), {}) for chunk in some],
                partition_key=[some[0].tenant_id, some[0].key],
            )

    async def of(self, tenant_id: str, import_id: str) -> list[ImportChunk]:
        """All of them, in order."""
        found = await self.where(tenant_id, key=import_id)
        return [stored.document for stored in reversed(found)]
