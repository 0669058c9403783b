"""How a blob's bytes are shown so that they can do nothing: media types, ranges, headers. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from local.board.answers import Refused

UNKNOWN = "application/octet-stream"
PICTURES = frozenset({"application/pdf", "image/png", "image/jpeg"})
TEXTS = re.compile(r"text/[\w.+-]+|application/([\w.+-]+\+)?(json|xml)|image/svg\+xml", re.ASCII)
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True)
class Part:
    """`length` bytes from `start` on, of `size`."""

    start: int
    length: int
    size: int

    @property
    def content_range(self) -> str:
        return f"bytes {self.start}-{self.start + self.length - 1}/{self.size}"


def shown_type(stored: str) -> tuple[str, bool]:
    """The media type to send, and whether the browser may show it itself. Text stays mere text."""
    media_type = stored.partition(";")[0].strip().lower()
    if media_type in PICTURES:
        return media_type, True
    if TEXTS.fullmatch(media_type):
        return "text/plain; charset=utf-8", True
    return (media_type if MEDIA_TYPE.fullmatch(media_type) else UNKNOWN), False


def headers(name: str, stored_type: str, etag: str) -> dict[str, str]:
    media_type, inline = shown_type(stored_type)
    file = quote(name.rpartition("/")[2] or "blob", safe="", errors="replace")
    return {
        "Content-Type": media_type,
        "Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{file}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        **({"ETag": etag} if etag else {}),
    }


def part(header: str | None, size: int) -> Part | None:
    """One range of RFC 9110, section 14; None for everything. Raises Refused with 416."""
    match = RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.groups() == ("", ""):
        return None  # several ranges, or none that we know: the whole is a right answer too
    first, last = match[1], match[2]
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        raise Refused(416, f"The blob has {size} bytes.")
    return Part(start, end - start + 1, size)
