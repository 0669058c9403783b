"""`/api/blobs`: containers, their blobs, and the bytes of one."""

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.board import keys
from local.board.answers import NO_STORE, Refused, answer, number, rfc3339
from local.board.blobs import pdf
from local.board.blobs.showing import headers, part
from local.board.blobs.storage import Storage, told

if TYPE_CHECKING:
    from azure.storage.blob import BlobProperties
    from azure.storage.blob.aio import BlobClient

MOST_BLOBS = 1000
MOST_COUNTED = 5_000  # one page of the service
log = logging.getLogger("local.board")


async def containers(request: web.Request) -> web.Response:
    return answer({"items": await listed(request.app[keys.STORAGE])})


async def listed(storage: Storage) -> list[dict[str, Any]]:
    """Raises PartDown."""
    async with told():
        names = [each.name async for each in storage.client.list_containers()]
        return list(await asyncio.gather(*(_counted(storage, name) for name in names)))


async def _counted(storage: Storage, name: str) -> dict[str, Any]:
    """A container with more than MOST_COUNTED blobs has `more`, and at least what is said."""
    count = size = 0
    async for blob in storage.container(name).list_blobs():
        if count == MOST_COUNTED:
            return {"name": name, "blobs": count, "bytes": size, "more": True}
        count, size = count + 1, size + int(blob.size or 0)
    return {"name": name, "blobs": count, "bytes": size, "more": False}


async def blobs(request: web.Request) -> web.Response:
    query = request.query
    limit = number(query, "limit", 100, MOST_BLOBS)
    container = request.app[keys.STORAGE].container(request.match_info["container"])
    async with told():
        pages: Any = container.list_blobs(
            name_starts_with=query.get("prefix") or None,
            include=["metadata"],
            results_per_page=limit,
        ).by_page(query.get("cursor") or None)
        items: list[dict[str, Any]] = []
        async for page in pages:
            items = [_shown(blob) async for blob in page]
            break
    return answer({"items": items, "cursor": pages.continuation_token or None})


async def content(request: web.Request) -> web.StreamResponse:
    """The bytes, as stored; a browser may show PDF, PNG, JPEG and text, and nothing of it runs."""
    blob = _blob(request)
    async with told():
        about = await blob.get_blob_properties()
        size = int(about.size)
    asked = part(request.headers.get("Range"), size)
    stored_type = str(about.content_settings.content_type or "")
    response = web.StreamResponse(
        status=206 if asked else 200, headers=headers(_name(request), stored_type, about.etag)
    )
    if asked:
        response.headers["Content-Range"] = asked.content_range
    response.content_length = asked.length if asked else size
    where: dict[str, Any] = {"offset": asked.start, "length": asked.length} if asked else {}
    if request.method == "HEAD" or size == 0:
        await response.prepare(request)
        return response
    async with told(patience_s=None):
        stream: Any = await blob.download_blob(
            etag=about.etag, match_condition=_unchanged(), decompress=False, **where
        )
    await response.prepare(request)
    try:
        async for chunk in stream.chunks():
            await response.write(chunk)
    except Exception:  # whatever it was: half a blob must not look like a whole one
        log.exception("a blob broke off")
        if request.transport is not None:
            request.transport.abort()
    return response


async def pages(request: web.Request) -> web.Response:
    """How many a PDF has."""
    return answer({"pages": await pdf.count_pages(await _whole(request))})


async def page(request: web.Request) -> web.Response:
    """One page of a PDF as PNG."""
    wanted = number(request.query, "number", 1, 100_000)
    image = await pdf.picture(await _whole(request), wanted)
    return web.Response(body=image, content_type="image/png", headers=NO_STORE)


async def _whole(request: web.Request) -> bytes:
    blob = _blob(request)
    async with told(patience_s=10.0):
        about = await blob.get_blob_properties()
        if about.size > pdf.LARGEST:
            raise Refused(413, "The PDF is too large to be shown here.")
        stream = await blob.download_blob()
        return bytes(await stream.readall())


def _blob(request: web.Request) -> "BlobClient":
    container = request.app[keys.STORAGE].container(request.match_info["container"])
    return container.get_blob_client(_name(request))


def _name(request: web.Request) -> str:
    name = request.query.get("name")
    if not name:
        raise Refused(400, "`name` says which blob.")
    return name


def _unchanged() -> Any:
    from azure.core import MatchConditions

    return MatchConditions.IfNotModified


def _shown(blob: "BlobProperties") -> dict[str, Any]:
    return {
        "name": blob.name,
        "bytes": blob.size,
        "content_type": blob.content_settings.content_type,
        "modified_at": rfc3339(blob.last_modified),
        "metadata": dict(blob.metadata or {}),
    }


ROUTES = [
    web.get("/api/blobs", containers),
    web.get("/api/blobs/{container}", blobs),
    web.get("/api/blobs/{container}/content", content),
    web.get("/api/blobs/{container}/pages", pages),
    web.get("/api/blobs/{container}/page", page),
]
