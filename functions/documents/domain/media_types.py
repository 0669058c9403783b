"""The media types that are taken, and the file extensions that go with each. Pure."""

import re
from enum import StrEnum

from functions.documents.domain.refusals import MediaTypeMismatch

OOXML = "application/vnd.openxmlformats-officedocument"
EXTENSION = re.compile(r"\.([A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*)$")


class MediaType(StrEnum):
    """What documents may be."""

    PDF = "application/pdf"
    DOCX = f"{OOXML}.wordprocessingml.document"
    XLSX = f"{OOXML}.spreadsheetml.sheet"
    PPTX = f"{OOXML}.presentationml.presentation"
    ZIP = "application/zip"
    PNG = "image/png"
    JPEG = "image/jpeg"
    GIF = "image/gif"
    WEBP = "image/webp"
    TEXT = "text/plain"
    CSV = "text/csv"
    JSON = "application/json"
    EMAIL = "message/rfc822"


EXTENSIONS: dict[MediaType, tuple[str, ...]] = {
    MediaType.PDF: ("pdf",),
    MediaType.DOCX: ("docx",),
    MediaType.XLSX: ("xlsx",),
    MediaType.PPTX: ("pptx",),
    MediaType.ZIP: ("zip",),
    MediaType.PNG: ("png",),
    MediaType.JPEG: ("jpg", "jpeg"),
    MediaType.GIF: ("gif",),
    MediaType.WEBP: ("webp",),
    MediaType.TEXT: ("txt",),
    MediaType.CSV: ("csv",),
    MediaType.JSON: ("json",),
    MediaType.EMAIL: ("eml",),
}


def must_fit(name: str, media_type: MediaType) -> None:
    """A name needs no extension; one that it has must be the media type's.

    Raises MediaTypeMismatch, naming both.
    """
    found = EXTENSION.search(name)
    if found and found[1].lower() not in EXTENSIONS[media_type]:
        raise MediaTypeMismatch(
            f"The name ends in .{found[1]}, and the media type is {media_type}.",
            extension=found[1],
            media_type=media_type,
        )


def file_name(name: str, media_type: MediaType) -> str:
    """The name under which it is saved: with an extension, so that devices know what it is."""
    return name if EXTENSION.search(name) else f"{name}.{EXTENSIONS[media_type][0]}"
