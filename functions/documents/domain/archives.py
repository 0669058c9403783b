"""ZIP archives, and the Office documents that are ones. Bounded: only the directory is read."""

import re
import struct
import zipfile
from typing import BinaryIO

from functions.documents.domain.media_types import OOXML, MediaType
from functions.documents.domain.refusals import ContentRefused

MOST_ENTRIES = 10_000
MOST_UNPACKED_BYTES = 2 * 1024**3
MOST_RATIO = 200
RATIO_MATTERS_BYTES = 10 * 1024**2
MOST_TYPES_BYTES = 1024**2
CONTENT_TYPES = "[Content_Types].xml"
MACRO_ENABLED = "application/vnd.ms-office.macro-enabled"
MAIN_PART = re.compile(
    rb"application/vnd\.openxmlformats-officedocument\."
    rb"(wordprocessingml\.document|spreadsheetml\.sheet|presentationml\.presentation)\.main\+xml"
)
END_RECORD = b"PK\x05\x06"
END_BYTES = 22
LONGEST_COMMENT = 65_535


def zip_kind(file: BinaryIO) -> str:
    """ZIP, one of the three Office documents, or MACRO_ENABLED. Raises ContentRefused."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return _kind(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise ContentRefused("The ZIP archive is broken or encrypted.") from error
    except (ValueError, struct.error, zipfile.zlib.error) as error:  # type: ignore[attr-defined]  # zlib as zipfile has it
        raise ContentRefused("The ZIP archive is broken.") from error


def _kind(archive: zipfile.ZipFile) -> str:
    entries = archive.infolist()
    _must_be_bounded(entries)
    names = {entry.filename for entry in entries}
    if CONTENT_TYPES not in names:
        return MediaType.ZIP
    types = _content_types(archive)
    macros = b"macroEnabled" in types or b"vbaProject" in types
    if macros or any(name.lower().endswith("vbaproject.bin") for name in names):
        return MACRO_ENABLED
    main = MAIN_PART.search(types)
    return f"{OOXML}.{main[1].decode()}" if main else MediaType.ZIP


def _must_be_bounded(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise ContentRefused(f"The archive has more than {MOST_ENTRIES} entries.")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    far_smaller = unpacked > RATIO_MATTERS_BYTES and unpacked > packed * MOST_RATIO
    if unpacked > MOST_UNPACKED_BYTES or far_smaller:
        raise ContentRefused("The archive unpacks to far more than it is.")


def _content_types(archive: zipfile.ZipFile) -> bytes:
    with archive.open(CONTENT_TYPES) as part:
        types = part.read(MOST_TYPES_BYTES + 1)
    if len(types) > MOST_TYPES_BYTES:
        raise ContentRefused("The Office document's list of parts is too long.")
    return types


def ends_as_zip(file: BinaryIO) -> bool:
    """Whether an archive ends exactly where the file does, so that it opens as one too."""
    size = file.seek(0, 2)
    start = max(0, size - END_BYTES - LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(END_RECORD)
    while at >= 0:
        record = tail[at : at + END_BYTES]
        if len(record) == END_BYTES:
            comment = int.from_bytes(record[20:22], "little")
            if at + END_BYTES + comment == len(tail):
                return True
        at = tail.rfind(END_RECORD, 0, at)
    return False
