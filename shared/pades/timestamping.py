"""The client of an RFC 3161 timestamp authority. Blocks: runs in the worker thread that signs."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from shared.pades.errors import TimestampRefused, TimestampUnavailable

if TYPE_CHECKING:
    from http.client import HTTPResponse

LARGEST_REPLY = 64 * 1024

Timestamper = Callable[[bytes], bytes]
"""From a SHA-256 digest to the DER of a timestamp token over it; raises TimestampUnavailable."""


@dataclass(frozen=True)
class HttpTimestamper:
    """Asks the authority at `url`, which has `timeout_s` seconds for everything."""

    url: str
    timeout_s: float = 10.0

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise ValueError("A timestamp authority is reached by http or https.")

    def __call__(self, digest: bytes) -> bytes:
        from shared.pades.rfc3161 import query, token_of

        asked = query(digest)
        return token_of(self._post(asked.dump()), asked)

    def _post(self, body: bytes) -> bytes:
        headers = {
            "Content-Type": "application/timestamp-query",
            "Accept": "application/timestamp-reply",
        }
        request = Request(self.url, body, headers)  # noqa: S310 - the scheme is checked above
        deadline = time.monotonic() + self.timeout_s
        try:
            with urlopen(request, timeout=self.timeout_s) as reply:  # noqa: S310 - as above
                kind = reply.headers.get_content_type()
                if reply.status != 200 or kind != "application/timestamp-reply":
                    raise TimestampRefused(f"The authority answered {reply.status} with {kind}.")
                return _read(reply, deadline)
        except (OSError, HTTPException) as error:
            raise TimestampUnavailable("The timestamp authority is out of reach.") from error


def _read(reply: "HTTPResponse | Any", deadline: float) -> bytes:
    """Piece by piece: a socket's timeout alone would let an authority trickle for ever."""
    pieces: list[bytes] = []
    size = 0
    while piece := reply.read1(16 * 1024):
        size += len(piece)
        if size > LARGEST_REPLY:
            raise TimestampRefused("The authority's answer is too long.")
        if time.monotonic() > deadline:
            raise TimestampUnavailable("The timestamp authority is too slow.")
        pieces.append(piece)
    return b"".join(pieces)
