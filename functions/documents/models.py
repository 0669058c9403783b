"""What callers send and see of documents."""

from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from functions.documents.domain.documents import MAX_BYTES, VersionState
from functions.documents.domain.media_types import MediaType
from shared.http.paging import Paging
from shared.model import Model

FileName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f/\\]+$"
    ),
    Field(examples=["Delivery note 4711.pdf"]),
]
Sha256 = Annotated[
    str,
    StringConstraints(to_lower=True, pattern=r"^[0-9A-Fa-f]{64}$"),
    Field(description="SHA-256 in hex; the upload is refused if its bytes have another."),
]
TagName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
TagValue = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Tags = Annotated[dict[TagName, TagValue], Field(max_length=20)]
Size = Annotated[int, Field(gt=0, le=MAX_BYTES)]


class Sent(Model):
    model_config = ConfigDict(extra="forbid")


class OpenVersion(Sent):
    """What is known of the bytes to come; what is given is checked when they are there."""

    size_bytes: Size | None = None
    sha256: Sha256 | None = None


class CreateDocument(OpenVersion):
    """A document and its first version. An extension in the name must be the media type's."""

    name: FileName
    media_type: MediaType
    tags: Tags = Field(default_factory=dict)


class ChangeDocument(Sent):
    """What is left out stays; `tags` are replaced as a whole."""

    name: FileName | None = None
    tags: Tags | None = None


class VersionView(Model):
    """`size_bytes` and `sha256` are there once the version is accepted."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    state: VersionState
    media_type: MediaType
    size_bytes: int | None
    sha256: str | None
    added_by: str
    opened_at: AwareDatetime
    accepted_at: AwareDatetime | None
    envelope_id: str | None


class DocumentView(Model):
    """A document without its content."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    media_type: MediaType
    tags: dict[str, str]
    created_by: str
    created_at: AwareDatetime
    versions: list[VersionView]


class UploadView(Model):
    """Send the bytes to `url` with `method` and `headers` before `expires_at`; then complete."""

    url: str
    method: str = "PUT"
    headers: dict[str, str]
    expires_at: AwareDatetime
    max_bytes: int = MAX_BYTES


class OpenedView(Model):
    """The document as it is now, and where the bytes of its newest version go."""

    document: DocumentView
    version: int
    upload: UploadView


class LinkView(Model):
    """Whoever has `url` can read this one version until `expires_at`."""

    url: str
    expires_at: AwareDatetime
    sha256: str


class DocumentFilter(Paging):
    """Which documents to list."""

    name: str | None = Field(None, max_length=200, description="What the name begins with.")
    media_type: MediaType | None = None


class WhichVersion(Model):
    """Which version to read."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(None, ge=1, description="The latest accepted one by default.")
