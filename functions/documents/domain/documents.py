"""A document and its versions. Pure."""

from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, ConfigDict

from functions.documents.domain.media_types import MediaType, must_fit
from functions.documents.domain.refusals import (
    TooManyVersions,
    UploadAbandoned,
    VersionNotAccepted,
)
from shared.contracts.documents import VersionAdded
from shared.errors import Missing
from shared.model import Model
from shared.records import document as records

MAX_BYTES = 50 * 1024 * 1024
MAX_VERSIONS = 1000


class VersionState(StrEnum):
    """`uploading` until its bytes are checked; `abandoned` if that did not happen in a day."""

    UPLOADING = "uploading"
    ACCEPTED = "accepted"
    ABANDONED = "abandoned"


class Content(Model):
    """What is known of bytes: how many, and their SHA-256 in lower-case hex."""

    model_config = ConfigDict(frozen=True)

    size_bytes: int
    sha256: str


class Version(Model):
    """One content of a document. `envelope_id` names the envelope that it is the sealed PDF of."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: int
    state: VersionState
    media_type: MediaType
    added_by: str
    opened_at: AwareDatetime
    claimed_size_bytes: int | None = None
    claimed_sha256: str | None = None
    size_bytes: int | None = None
    sha256: str | None = None
    accepted_at: AwareDatetime | None = None
    envelope_id: str | None = None

    @property
    def content(self) -> Content:
        """Raises VersionNotAccepted."""
        if self.size_bytes is None or self.sha256 is None:
            raise VersionNotAccepted(f"Version {self.number} was not accepted.")
        return Content(size_bytes=self.size_bytes, sha256=self.sha256)


class Document(records.Document):
    """A named thing in versions. A removed one is gone for callers; its content and trail stay.

    `uploading_since` is when the oldest open upload began: what the daily search looks for.
    """

    name: str
    media_type: MediaType
    tags: dict[str, str]
    created_by: str
    created_at: AwareDatetime
    versions: tuple[Version, ...] = ()
    uploading_since: AwareDatetime | None = None
    removed_at: AwareDatetime | None = None

    def must_stand(self) -> "Document":
        """Raises Missing for a removed one."""
        if self.removed_at is not None:
            raise Missing(f"There is no document {self.id}.")
        return self

    def changed(self, name: str | None, tags: dict[str, str] | None) -> "Document":
        """What is None stays. Raises MediaTypeMismatch for a name of another kind."""
        if name is not None:
            must_fit(name, self.media_type)
        return self.model_copy(
            update={
                "name": self.name if name is None else name,
                "tags": self.tags if tags is None else tags,
            }
        )

    def removed(self, at: datetime) -> "Document":
        return self.model_copy(update={"removed_at": at})

    @property
    def next_number(self) -> int:
        """Raises TooManyVersions."""
        if len(self.versions) >= MAX_VERSIONS:
            raise TooManyVersions(f"A document has at most {MAX_VERSIONS} versions.")
        return len(self.versions) + 1

    def opened(
        self, by: str, at: datetime, size_bytes: int | None, sha256: str | None
    ) -> "Document":
        """With one more version, whose bytes are still to come. Raises TooManyVersions."""
        version = Version(
            number=self.next_number,
            state=VersionState.UPLOADING,
            media_type=self.media_type,
            added_by=by,
            opened_at=at,
            claimed_size_bytes=size_bytes,
            claimed_sha256=sha256,
        )
        return self._with((*self.versions, version))

    def version(self, number: int | None = None) -> Version:
        """The version of that number, or the latest accepted one. Raises Missing."""
        if number is None:
            accepted = [each for each in self.versions if each.state is VersionState.ACCEPTED]
            if not accepted:
                raise VersionNotAccepted("No version of this document was accepted yet.")
            return accepted[-1]
        if not 1 <= number <= len(self.versions):
            raise Missing(f"There is no version {number} of this document.")
        return self.versions[number - 1]

    def accepted(self, number: int, content: Content, at: datetime) -> "Document":
        """Raises UploadAbandoned."""
        version = self.version(number)
        if version.state is VersionState.ABANDONED:
            raise UploadAbandoned(f"The upload of version {number} was given up; open another.")
        done = version.model_copy(
            update={
                "state": VersionState.ACCEPTED,
                "size_bytes": content.size_bytes,
                "sha256": content.sha256,
                "accepted_at": at,
            }
        )
        return self._replacing(done)

    def sealed(self, envelope_id: str, by: str, content: Content, at: datetime) -> "Document":
        """With the sealed PDF of an envelope as its next version. Raises TooManyVersions."""
        version = Version(
            number=self.next_number,
            state=VersionState.ACCEPTED,
            media_type=MediaType.PDF,
            added_by=by,
            opened_at=at,
            accepted_at=at,
            envelope_id=envelope_id,
            **content.model_dump(),
        )
        return self._with((*self.versions, version))

    def has_sealed(self, envelope_id: str) -> bool:
        return any(version.envelope_id == envelope_id for version in self.versions)

    def open_since(self, before: datetime) -> list[Version]:
        """The uploads that began before then and are still open."""
        return [
            version
            for version in self.versions
            if version.state is VersionState.UPLOADING and version.opened_at < before
        ]

    def abandoned(self, version: Version) -> "Document":
        return self._replacing(version.model_copy(update={"state": VersionState.ABANDONED}))

    def told(self, number: int, at: datetime) -> VersionAdded:
        """What others learn of an accepted version."""
        version = self.version(number)
        content = version.content
        return VersionAdded(
            tenant_id=self.tenant_id,
            at=at,
            document_id=self.id,
            version=number,
            name=self.name,
            media_type=version.media_type,
            size_bytes=content.size_bytes,
            sha256=content.sha256,
            added_by=version.added_by,
        )

    def _replacing(self, version: Version) -> "Document":
        at = version.number - 1
        return self._with((*self.versions[:at], version, *self.versions[at + 1 :]))

    def _with(self, versions: tuple[Version, ...]) -> "Document":
        open_uploads = [
            version.opened_at for version in versions if version.state is VersionState.UPLOADING
        ]
        since = min(open_uploads) if open_uploads else None
        return self.model_copy(update={"versions": versions, "uploading_since": since})
