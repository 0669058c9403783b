"""Gives up uploads that nobody completed."""

from datetime import timedelta

from functions.documents.service.ports import Bytes, DocumentRecords
from shared.contracts.documents import content_path
from shared.errors import Stale
from shared.platform.clock import Clock
from shared.telemetry.logs import say

PATIENCE = timedelta(hours=24)


class AbandoningService:
    """The daily tidying."""

    def __init__(
        self, documents: DocumentRecords, uploads: Bytes, contents: Bytes, now: Clock
    ) -> None:
        self._documents = documents
        self._uploads = uploads
        self._contents = contents
        self._now = now

    async def abandon_old_uploads(self) -> int:
        """How many were given up. Safe to repeat; one that is just being completed is left alone.

        An upload is deleted before its version is marked, so that a crash between leaves something
        to be found tomorrow. Content that an attempt kept and died is deleted after: then no
        attempt can succeed any more.
        """
        before, count = self._now() - PATIENCE, 0
        for tenant_id, document_id in await self._documents.with_uploads_open_since(before):
            stored = await self._documents.get(tenant_id, document_id)
            document = stored.document
            paths = []
            for version in document.open_since(before):
                paths.append(content_path(tenant_id, document_id, version.number))
                await self._uploads.delete(paths[-1])
                document = document.abandoned(version)
            try:
                await self._documents.save(stored.now(document), "abandon uploads")
            except Stale:
                continue
            for path in paths:
                await self._contents.delete(path)
            count += len(paths)
        say("documents.uploads_abandoned", count=count)
        return count
