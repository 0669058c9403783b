"""What a message carries, served harmless: HTML in a sandbox, attachments as downloads."""

import re
from typing import Any
from urllib.parse import quote

from aiohttp import web

from local.communication import keys

# Mail is styled inline, so this one document may be; no script runs, nothing loads from elsewhere.
PREVIEW_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
NEW_WINDOW = '<base target="_blank">'
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?charset=[\w-]+)?", re.ASCII)
UNKNOWN_TYPE = "application/octet-stream"
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


def attachment_path(message_id: str, position: int) -> str:
    return f"/messages/{quote(message_id)}/attachments/{position}"


def preview_path(message_id: str) -> str:
    return f"/messages/{quote(message_id)}/html"


async def html(request: web.Request) -> web.Response:
    message = request.app[keys.RECORDER].message(request.match_info["id"])
    if message is None or not message["html"]:
        raise web.HTTPNotFound
    headers = {
        "Content-Security-Policy": PREVIEW_POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(text=previewed(message), content_type="text/html", headers=headers)


async def attachment(request: web.Request) -> web.Response:
    row = request.app[keys.RECORDER].attachment(
        request.match_info["id"], int(request.match_info["position"])
    )
    if row is None:
        raise web.HTTPNotFound
    kind = row["content_type"] if MEDIA_TYPE.fullmatch(row["content_type"]) else UNKNOWN_TYPE
    shown_in_mail = row["content_id"] and kind.startswith("image/")
    how = "inline" if shown_in_mail and kind != "image/svg+xml" else "attachment"
    headers = {
        "Content-Type": kind,
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(row['name'], safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=row["content"], headers=headers)


def previewed(message: dict[str, Any]) -> str:
    """Its links open a window of their own, and `cid:` pictures are its attachments."""
    text: str = message["html"]
    for position, one in enumerate(message["attachments"]):
        if one["content_id"]:
            text = text.replace(
                f"cid:{one['content_id']}", attachment_path(message["id"], position)
            )
    head = HEAD.search(text)
    if head is None:
        return f"<!doctype html><head>{NEW_WINDOW}</head>{text}"
    return f"{text[: head.end()]}{NEW_WINDOW}{text[head.end() :]}"


ROUTES = [
    web.get("/messages/{id}/html", html),
    web.get(r"/messages/{id}/attachments/{position:\d{1,4}}", attachment),
]
