"""What documents tell the others, and where the content of an accepted version lies."""

from typing import ClassVar

from shared.contracts import Event

CONTENT = "documents"
"""The blob container of accepted content. Only the app writes there; metadata holds `sha256`."""


def content_path(tenant_id: str, document_id: str, version: int) -> str:
    """The blob of one version, in the container CONTENT."""
    return f"{tenant_id}/{document_id}/{version}"


class VersionAdded(Event):
    """A version of a document was accepted: its content is whole, checked and where it belongs."""

    type: ClassVar[str] = "documents.version-added.v1"

    document_id: str
    version: int
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    added_by: str
