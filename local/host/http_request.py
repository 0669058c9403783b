"""A request as it came over the socket, put into the form that a function receives.

Follows what Azure's host sends a Python worker: header names in lower case, repeated values joined
by commas, empty query values left out, and `%2F` in a path segment left as it is.
"""

from collections.abc import Mapping
from posixpath import normpath
from typing import Any
from urllib.parse import parse_qsl, unquote

from aiohttp.web import BaseRequest
from multidict import CIMultiDictProxy

from local.host import datums
from local.host.failures import IndexFailed

BODY_LIMIT_BYTES = 100 * 1024 * 1024
BODY_LIMIT = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"


class BodyTooLarge(Exception):
    """The body is larger than Azure's host takes."""


def split_target(request: BaseRequest) -> tuple[str, str]:
    """The path and the query as they were sent."""
    target = request.raw_path
    if not target.startswith("/"):
        target = request.rel_url.raw_path_qs
    path, _, query = target.partition("?")
    return path, query


def path_segments(path: str) -> tuple[str, ...]:
    """The decoded pieces of a path. Dots are resolved first; a slash at the end does not count."""
    if "/." in path:
        path = normpath(path)
    return tuple(_decoded(piece) for piece in path.strip("/").split("/")) if path != "/" else ()


def _decoded(piece: str) -> str:
    if "%" not in piece:
        return piece
    return unquote(piece.replace("%2F", "%252F").replace("%2f", "%252f"))


def query_values(query: str) -> dict[str, str]:
    """The query, values of one name joined by commas."""
    values: dict[str, str] = {}
    if not query:
        return values
    for name, value in parse_qsl(query, keep_blank_values=True):
        values[name] = f"{values[name]},{value}" if name in values else value
    return {name: value for name, value in values.items() if value}


def header_values(headers: "CIMultiDictProxy[str]") -> dict[str, str]:
    """The headers, values of one name joined by commas."""
    values: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        values[key] = f"{values[key]},{value}" if key in values else value
    return values


def forwarded_for(request: BaseRequest) -> dict[str, str]:
    """Azure's front end appends who asked, as `address:port`, to what the caller says of itself."""
    peer = request.transport.get_extra_info("peername") if request.transport else None
    if not peer:
        return {}
    before = request.headers.getall("X-Forwarded-For", [])
    return {"x-forwarded-for": ", ".join([*before, f"{peer[0]}:{peer[1]}"])}


def body_limit(settings: Mapping[str, str]) -> int:
    """In bytes. Raises IndexFailed for a setting that is no number."""
    given = settings.get(BODY_LIMIT) or str(BODY_LIMIT_BYTES)
    if not given.isdecimal():
        raise IndexFailed(f"Setting {BODY_LIMIT} must be a number of bytes, not {given!r}.")
    return int(given)


async def body_of(request: BaseRequest, limit_bytes: int = BODY_LIMIT_BYTES) -> bytes:
    """Raises BodyTooLarge, from the announced length where there is one."""
    if not request.can_read_body:
        return b""
    if (request.content_length or 0) > limit_bytes:
        raise BodyTooLarge
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    pieces, size = [], 0
    async for piece in request.content.iter_any():
        size += len(piece)
        if size > limit_bytes:
            raise BodyTooLarge
        pieces.append(piece)
    return b"".join(pieces)


def as_datum(request: BaseRequest, query: str, route: dict[str, str], body: bytes) -> Any:
    """The request as the engine takes it."""
    return datums.http(
        request.method,
        f"http://{request.host}{request.raw_path}",
        headers=header_values(request.headers) | forwarded_for(request),
        query=query_values(query),
        route=route,
        body=body,
    )
