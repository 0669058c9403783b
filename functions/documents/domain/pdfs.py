"""Whether a PDF opens: its cross-reference names a catalogue. An encrypted one is a PDF as well.

The cross-reference is stepped over, not loaded: one of 50 MB would cost seconds and hundreds of MB.
"""

import logging
import re
from typing import BinaryIO

from functions.documents.domain.refusals import ContentRefused

TAIL_BYTES = 2048
HEAD_BYTES = 4096
ENTRY_BYTES = 20  # ISO 32000-2, 7.5.4: every entry of a table has exactly as many
MOST_SECTIONS = 2000
MENDED_BYTES = 8 * 1024 * 1024
ENDS = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF")
TABLE = re.compile(rb"\s*xref\s+")
SECTION = re.compile(rb"\s*\d{1,10} +(\d{1,10}) *(?:\r\n|\r|\n)")
STREAM = re.compile(rb"\s*\d{1,10}\s+\d{1,5}\s+obj\b(.*?)stream", re.DOTALL)


def must_open(file: BinaryIO) -> None:
    """Raises ContentRefused. What is slightly broken and small is given to pypdf to mend."""
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL_BYTES))
    ends = ENDS.findall(file.read())
    if not ends or int(ends[-1]) >= size:
        raise ContentRefused("The PDF has no end; it was cut off or damaged.")
    if b"/Root" in _trailer(file, int(ends[-1])):
        return
    if size > MENDED_BYTES or not _opens_when_mended(file):
        raise ContentRefused("The PDF cannot be opened.")


def _trailer(file: BinaryIO, at: int) -> bytes:
    """The dictionary behind a table, or of a cross-reference stream; empty if there is neither."""
    head = _read(file, at)
    stream = STREAM.match(head)
    if stream:
        return stream[1] if b"/XRef" in stream[1] else b""
    table = TABLE.match(head)
    return _behind_table(file, at + table.end()) if table else b""


def _behind_table(file: BinaryIO, at: int) -> bytes:
    for _ in range(MOST_SECTIONS):
        here = _read(file, at)
        if here.lstrip().startswith(b"trailer"):
            return here
        section = SECTION.match(here)
        if section is None:
            break
        at += section.end() + ENTRY_BYTES * int(section[1])
    return b""


def _read(file: BinaryIO, at: int) -> bytes:
    file.seek(at)
    return file.read(HEAD_BYTES)


def _opens_when_mended(file: BinaryIO) -> bool:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its oddities are no news of ours
    file.seek(0)
    try:
        return "/Root" in PdfReader(file).trailer
    except Exception:  # noqa: BLE001 - strangers' bytes make it raise anything
        return False
