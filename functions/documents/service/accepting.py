"""How a version gets its content: from an upload, or as the sealed PDF of an envelope."""

import asyncio

from functions.documents.domain.detecting import must_be
from functions.documents.domain.documents import MAX_BYTES, Document, Version, VersionState
from functions.documents.domain.media_types import MediaType, must_fit
from functions.documents.domain.refusals import (
    ContentDamaged,
    DigestMismatch,
    NothingUploaded,
    UploadAbandoned,
)
from functions.documents.service.keeping import ENVELOPE, UPLOAD, keep
from functions.documents.service.ports import Bytes, DocumentRecords
from functions.documents.service.receiving import Received, received
from shared.contracts.documents import content_path
from shared.contracts.esignature import EnvelopeCompleted
from shared.errors import Conflict, Missing, Stale, TooLarge
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.records.document import Stored

ATTEMPTS_AT_STALE = 5


class AcceptingService:
    """Bytes are checked on their one way from where they came to where they stay."""

    def __init__(
        self,
        documents: DocumentRecords,
        uploads: Bytes,
        contents: Bytes,
        sealed: Bytes,
        now: Clock,
    ) -> None:
        self._documents = documents
        self._uploads = uploads
        self._contents = contents
        self._sealed = sealed
        self._now = now

    async def complete(self, caller: Caller, document_id: str, number: int) -> Stored[Document]:
        """Accept the upload of a version; accepted already, it stays as it is.

        Raises Missing, NothingUploaded, UploadAbandoned, TooLarge, DigestMismatch,
        MediaTypeMismatch, ContentRefused, or Conflict where other bytes are being accepted.
        """
        stored = await self._standing(caller.tenant_id, document_id)
        version = stored.document.version(number)
        path = content_path(caller.tenant_id, document_id, number)
        if version.state is VersionState.UPLOADING:
            try:
                stored = await self._take(stored, version, path)
            except Missing as error:
                stored = await self._standing(caller.tenant_id, document_id)
                if stored.document.version(number).state is not VersionState.ACCEPTED:
                    raise NothingUploaded("Send the bytes to the upload link first.") from error
                # else another attempt took it, and deleted it, at the same time
        elif version.state is VersionState.ABANDONED:
            raise UploadAbandoned(f"The upload of version {number} was given up; open another.")
        await self._uploads.delete(path)
        return stored

    async def add_sealed(self, event: EnvelopeCompleted) -> None:
        """The sealed PDF becomes the document's next version, of a removed document too.

        Safe to repeat. Raises Missing, ContentDamaged or Stale; all but the last are for operators.
        """
        stored = await self._documents.get(event.tenant_id, event.document_id)
        document = stored.document
        if document.has_sealed(event.envelope_id):
            return
        number = document.next_number
        path = content_path(event.tenant_id, document.id, number)
        async with received(self._sealed.stream(event.sealed_path)) as pdf:
            if pdf.content.sha256 != event.sha256:
                raise ContentDamaged(f"{event.sealed_path} is not the PDF that was sealed.")
            try:
                await keep(self._contents, path, pdf, MediaType.PDF, ENVELOPE)
            except Conflict as error:  # something else takes this number; the next is free
                raise Stale(f"Version {number} is being taken by something else.") from error
            document = document.sealed(
                event.envelope_id, event.created_by, pdf.content, self._now()
            )
        told = document.told(number, self._now())
        await self._documents.save(stored.now(document), "add sealed version", told)

    async def _take(
        self, stored: Stored[Document], version: Version, path: str
    ) -> Stored[Document]:
        """Raises Missing where there is no upload, or no longer, and whatever is wrong with it."""
        facts = await self._uploads.facts(path)
        if facts.size_bytes > MAX_BYTES:
            raise TooLarge(
                f"The upload has {facts.size_bytes} bytes; at most {MAX_BYTES} are taken.",
                max_bytes=MAX_BYTES,
            )
        async with received(self._uploads.stream(path)) as upload:
            await _check(stored.document, version, upload)
            await keep(self._contents, path, upload, version.media_type, UPLOAD)
            return await self._accept(stored, version.number, upload)

    async def _accept(
        self, stored: Stored[Document], number: int, upload: Received
    ) -> Stored[Document]:
        """One save. Somebody may change the document meanwhile: that is no reason to upload again.

        The bytes that were kept are the only ones there can be, so a version that turns out to be
        accepted is accepted with them.
        """
        for _ in range(ATTEMPTS_AT_STALE):
            document = stored.document
            if document.version(number).state is VersionState.ACCEPTED:
                return stored
            now = self._now()
            document = document.accepted(number, upload.content, now)
            try:
                return await self._documents.save(
                    stored.now(document), "accept version", document.told(number, now)
                )
            except Stale:
                stored = await self._standing(document.tenant_id, document.id)
        raise Stale(f"{stored.document.id} is being changed all the time; try again.")

    async def _standing(self, tenant_id: str, document_id: str) -> Stored[Document]:
        stored = await self._documents.get(tenant_id, document_id)
        stored.document.must_stand()
        return stored


async def _check(document: Document, version: Version, upload: Received) -> None:
    """Raises DigestMismatch, MediaTypeMismatch or ContentRefused."""
    content = upload.content
    if version.claimed_sha256 not in (None, content.sha256):
        raise DigestMismatch(
            "The uploaded bytes have another SHA-256 than announced.",
            announced=version.claimed_sha256,
            uploaded=content.sha256,
        )
    if version.claimed_size_bytes not in (None, content.size_bytes):
        raise DigestMismatch(
            "The upload has another size than announced.",
            announced=version.claimed_size_bytes,
            uploaded=content.size_bytes,
        )
    must_fit(document.name, version.media_type)
    await asyncio.to_thread(must_be, upload.file, version.media_type)
