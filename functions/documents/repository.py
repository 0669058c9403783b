"""Documents in Cosmos DB. Their bytes are in Blob Storage: shared.files.blobs."""

from datetime import datetime

from functions.documents.domain.documents import Document
from functions.documents.domain.media_types import MediaType
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored

# The one question asked across tenants: where to look, and nothing of what is there. A search once
# a day over one indexed property costs less than an index of days kept up to date on every upload,
# which could not be saved in the same batch as the document, and so would lie after a crash.
OPEN_UPLOADS = (
    "SELECT c.tenant_id, c.id FROM c WHERE c.kind = 'Document' AND c.uploading_since < @before"
)


class CosmosDocumentRecords(CosmosDocuments[Document]):
    """Each document in a partition of its own."""

    async def listed(
        self,
        tenant_id: str,
        name: str | None,
        media_type: MediaType | None,
        after: str | None,
        limit: int,
    ) -> list[Stored[Document]]:
        """Those that stand; `name` is how the name begins, in any case."""
        conditions, values = ["IS_NULL(c.removed_at)"], dict[str, object]()
        if name is not None:
            conditions.append("STARTSWITH(c.name, @name, true)")
            values["@name"] = name
        if media_type is not None:
            conditions.append("c.media_type = @media_type")
            values["@media_type"] = media_type
        return await self.where(
            tenant_id, " AND ".join(conditions), values, after=after, limit=limit
        )

    async def with_uploads_open_since(self, before: datetime) -> list[tuple[str, str]]:
        """(tenant_id, id) of every document with an upload that began before then."""
        moment = before.isoformat().replace("+00:00", "Z")
        found = self._container.query_items(
            OPEN_UPLOADS, parameters=[{"name": "@before", "value": moment}]
        )
        return [(item["tenant_id"], item["id"]) async for item in found]
