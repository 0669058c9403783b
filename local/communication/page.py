"""The message board: a list beside the message that is read, whole even without its script."""

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import jinja2
from aiohttp import web

from local.communication import keys
from local.communication.links import links_of
from local.communication.local_api import wanted
from local.communication.preview import attachment_path, preview_path
from local.communication.segments import segments
from local.communication.wording import language_of, wording

HERE = Path(__file__).parent
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Language",
}

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


def size(count: int) -> str:
    """Bytes as people say them."""
    amount, unit = float(count), "B"
    for larger in ("kB", "MB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"


def moment(at: str) -> str:
    """`2026-11-20 13:05 UTC`, until the page's script puts it into the reader's zone."""
    return f"{at[:10]} {at[11:16]} UTC"


_templates.filters.update(size=size, moment=moment, segments=segments, links=links_of)
_templates.globals.update(attachment_path=attachment_path, preview_path=preview_path)


async def board(request: web.Request) -> web.Response:
    """The newest message lies beside the list."""
    return _render(request, opened=None)


async def message(request: web.Request) -> web.Response:
    return _render(request, opened=request.match_info["id"])


def _render(request: web.Request, opened: str | None) -> web.Response:
    query = wanted(request)
    recorder = request.app[keys.RECORDER]
    items = recorder.messages(query)
    language = language_of(
        request.headers.get("Accept-Language", ""), request.query.get("lang", "")
    )
    kept = {
        name: request.query[name] for name in ("to", "channel", "lang") if request.query.get(name)
    }
    shown = _shown(recorder.message(opened) if opened else None, items, opened)
    text = _templates.get_template("board.html").render(
        say=wording(language),
        language=language,
        items=items,
        total=recorder.count(),
        wanted=query,
        lang=kept.get("lang", ""),
        version=request.app[keys.CHANGES].version,
        filtered=bool(query.to.strip() or query.channel),
        opened=opened,
        message=shown,
        path_of=lambda item: _with(f"/messages/{quote(item['id'])}", kept),
        list_path=_with("/", kept),
        address=f"{request.scheme}://{request.host}",
    )
    status = 404 if opened and shown is None else 200
    return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)


def _shown(
    found: dict[str, Any] | None, items: list[dict[str, Any]], opened: str | None
) -> dict[str, Any] | None:
    if opened:
        return found
    return items[0] if items else None


def _with(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


ROUTES = [
    web.get("/", board),
    web.get("/messages/{id}", message),
    web.static("/static", HERE / "static"),
]
