"""Documents opened, changed, removed and read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from functions.documents.domain.documents import Document, Version
from functions.documents.domain.media_types import file_name, must_fit
from functions.documents.domain.refusals import ContentDamaged, TooLargeToAnswer
from functions.documents.models import ChangeDocument, CreateDocument, OpenVersion
from functions.documents.service.ports import Bytes, DocumentRecords
from shared.contracts.documents import content_path
from shared.errors import Conflict, Missing
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Stored
from shared.telemetry.logs import fail

UPLOAD_LIVES = timedelta(minutes=15)
LINK_LIVES = timedelta(minutes=5)
MAX_ANSWER_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class Opened:
    """A document whose newest version waits for its bytes at `url`."""

    stored: Stored[Document]
    version: Version
    url: str
    expires_at: datetime


@dataclass(frozen=True)
class Link:
    """Reads one version until it expires."""

    url: str
    expires_at: datetime
    sha256: str


class DocumentsService:
    """What callers do with documents, but for completing an upload."""

    def __init__(
        self, documents: DocumentRecords, uploads: Bytes, contents: Bytes, now: Clock
    ) -> None:
        self._documents = documents
        self._uploads = uploads
        self._contents = contents
        self._now = now

    async def find(self, tenant_id: str, document_id: str) -> Stored[Document]:
        """Raises Missing, for a removed one too."""
        stored = await self._documents.get(tenant_id, document_id)
        stored.document.must_stand()
        return stored

    async def create(self, caller: Caller, wish: CreateDocument) -> Opened:
        """Raises MediaTypeMismatch where name and media type do not agree."""
        must_fit(wish.name, wish.media_type)
        now = self._now()
        document = Document(
            id=new_id(),
            tenant_id=caller.tenant_id,
            name=wish.name,
            media_type=wish.media_type,
            tags=wish.tags,
            created_by=caller.id,
            created_at=now,
        ).opened(caller.id, now, wish.size_bytes, wish.sha256)
        try:
            stored = await self._documents.save(Stored(document), "create document")
        except Conflict:  # made by this request's own first attempt, whose answer was lost
            stored = await self.find(caller.tenant_id, document.id)
        return await self._opened(stored)

    async def open_version(self, caller: Caller, document_id: str, wish: OpenVersion) -> Opened:
        """Raises Missing, TooManyVersions or Stale."""
        stored = await self.find(caller.tenant_id, document_id)
        document = stored.document.opened(caller.id, self._now(), wish.size_bytes, wish.sha256)
        return await self._opened(await self._documents.save(stored.now(document), "open version"))

    async def change(
        self, caller: Caller, document_id: str, wish: ChangeDocument, if_match: str | None
    ) -> Stored[Document]:
        """Raises Missing, Stale or MediaTypeMismatch."""
        stored = (await self.find(caller.tenant_id, document_id)).matching(if_match)
        document = stored.document.changed(wish.name, wish.tags)
        return await self._documents.save(stored.now(document), "change document")

    async def remove(self, caller: Caller, document_id: str, if_match: str | None) -> None:
        """Its content and its trail stay. Raises Missing or Stale."""
        stored = (await self.find(caller.tenant_id, document_id)).matching(if_match)
        await self._documents.save(
            stored.now(stored.document.removed(self._now())), "remove document"
        )

    async def read(
        self, tenant_id: str, document_id: str, number: int | None
    ) -> tuple[Document, Version, bytes]:
        """Raises Missing, VersionNotAccepted, TooLargeToAnswer or ContentDamaged."""
        document = (await self.find(tenant_id, document_id)).document
        version = document.version(number)
        expected = version.content
        if expected.size_bytes > MAX_ANSWER_BYTES:
            link = f"v1/documents/{document_id}/versions/{version.number}/link"
            raise TooLargeToAnswer(
                f"This content has {expected.size_bytes} bytes; ask for a link to it.",
                max_bytes=MAX_ANSWER_BYTES,
                link=link,
            )
        path = content_path(tenant_id, document_id, version.number)
        try:
            content = await self._contents.read(path, expected.size_bytes)
        except Missing as error:
            raise _damaged(path, "missing") from error
        if sha256(content).hexdigest() != expected.sha256:
            raise _damaged(path, "altered")
        return document, version, content

    async def link(self, tenant_id: str, document_id: str, number: int) -> Link:
        """Raises Missing or VersionNotAccepted."""
        document = (await self.find(tenant_id, document_id)).document
        version = document.version(number)
        digest = version.content.sha256
        url = await self._contents.download_link(
            content_path(tenant_id, document_id, number),
            LINK_LIVES,
            file_name(document.name, version.media_type),
        )
        return Link(url, self._now() + LINK_LIVES, digest)

    async def _opened(self, stored: Stored[Document]) -> Opened:
        document = stored.document
        version = document.versions[-1]
        path = content_path(document.tenant_id, document.id, version.number)
        url = await self._uploads.upload_link(path, UPLOAD_LIVES)
        return Opened(stored, version, url, self._now() + UPLOAD_LIVES)


def _damaged(path: str, how: str) -> ContentDamaged:
    fail("documents.content_damaged", path=path, how=how)
    return ContentDamaged("The kept content is not what was accepted; it is not handed out.")
