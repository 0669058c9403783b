"""Telling plain text from pages, pictures and programs that are text as well. Pure."""

import codecs
import re
from typing import BinaryIO

from functions.documents.domain.media_types import MediaType

CHUNK_BYTES = 64 * 1024
HEADER_LINE = re.compile(rb"\A(?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+")
EMAIL_HEADER = re.compile(
    rb"^(?:from|date|received|message-id|mime-version):", re.IGNORECASE | re.MULTILINE
)
# What runs when somebody opens it; after a byte order mark, white space, comments or a prologue.
PROLOGUE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s+|<\?xml.*?\?>|<!--.*?-->|<!doctype\s+svg[^>]*>)*",
    re.IGNORECASE | re.DOTALL,
)
ACTIVE = (
    (re.compile(rb"<svg[\s>]", re.IGNORECASE), "image/svg+xml"),
    (
        re.compile(
            rb"<(?:!doctype\s+html|html|head|body|script|iframe|meta|title)[\s>/]", re.IGNORECASE
        ),
        "text/html",
    ),
    (re.compile(rb"#!"), "text/x-shellscript"),
    (re.compile(rb"<\?php", re.IGNORECASE), "text/x-php"),
    (re.compile(rb"@echo\s+off", re.IGNORECASE), "text/x-msdos-batch"),
)


def text_kind(file: BinaryIO, head: bytes) -> str | None:
    """`text/plain`, the kind of something active, or None for what is no UTF-8 text at all."""
    begins = head[_prologue(head) :]
    for pattern, kind in ACTIVE:
        if pattern.match(begins):
            return kind
    if head.lstrip().startswith(b"<?xml"):
        return "text/xml"
    return MediaType.TEXT if _is_utf8(file) else None


def is_email(head: bytes) -> bool:
    """It begins with header fields (RFC 5322), one of them such as every message has.

    The body may be in any encoding.
    """
    fields = HEADER_LINE.match(head)
    return bool(fields and EMAIL_HEADER.search(fields[0]) and b"\0" not in head)


def _prologue(head: bytes) -> int:
    found = PROLOGUE.match(head)
    return found.end() if found else 0


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK_BYTES):
            decoder.decode(chunk)
            if b"\0" in chunk:
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
