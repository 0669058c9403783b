"""What bytes are, by their own structure and not by their name. Reads a file, alters nothing.

The answer is a media type: one that is taken, or that of something which is not (`text/html`,
`application/x-executable`, ...), so that the refusal can name it.
"""

import re
from typing import BinaryIO

from functions.documents.domain.archives import ends_as_zip, zip_kind
from functions.documents.domain.media_types import MediaType
from functions.documents.domain.pdfs import must_open
from functions.documents.domain.refusals import ContentRefused, MediaTypeMismatch
from functions.documents.domain.texts import is_email, text_kind

HEAD_BYTES = 8192
UNKNOWN = "application/octet-stream"
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
PICTURES = frozenset({MediaType.PNG, MediaType.JPEG, MediaType.GIF, MediaType.WEBP})
TEXTS = frozenset({MediaType.TEXT, MediaType.CSV, MediaType.JSON})
JSON_BEGINS = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*(?:[\[{"\d]|-\d|true|false|null)')


def must_be(file: BinaryIO, claimed: MediaType) -> None:
    """Raises MediaTypeMismatch naming what it is instead, or ContentRefused."""
    found = detected(file, claimed)
    if found != claimed:
        raise MediaTypeMismatch(
            f"The content is {found}, and the media type was announced as {claimed}.",
            detected=found,
            media_type=claimed,
        )


def detected(file: BinaryIO, claimed: MediaType) -> str:
    """The media type; texts that nothing tells apart are what they are claimed to be.

    Raises ContentRefused for what is empty, broken, or two things at once.
    """
    head = _head(file)
    if not head:
        raise ContentRefused("The file is empty.")
    if head.startswith(ZIP_MAGIC):
        return zip_kind(file)
    if head.startswith(b"%PDF-"):
        _must_be_one_thing(file)
        must_open(file)
        return MediaType.PDF
    binary = _binary_kind(head)
    if binary in PICTURES:
        _must_be_one_thing(file)
    return binary or _text(file, head, claimed)


def _binary_kind(head: bytes) -> str | None:
    import filetype

    kind = filetype.guess(head)
    return None if kind is None else str(kind.mime)


def _text(file: BinaryIO, head: bytes, claimed: MediaType) -> str:
    if claimed is MediaType.EMAIL and is_email(head):
        return claimed
    kind = text_kind(file, head)
    if kind is None:
        return UNKNOWN
    if kind != MediaType.TEXT or claimed not in TEXTS:
        return kind
    if claimed is MediaType.JSON and not JSON_BEGINS.match(head):
        return kind
    return claimed


def _must_be_one_thing(file: BinaryIO) -> None:
    if ends_as_zip(file):
        raise ContentRefused("The file is a ZIP archive as well as what it begins as.")


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(HEAD_BYTES)
