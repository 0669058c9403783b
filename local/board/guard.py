"""Who may ask the board: pages that it served itself, on this machine; nobody else's page.

A browser carries any site's requests to 127.0.0.1, and a name may be pointed there (DNS
rebinding). So the Host must be this machine, and whatever changes something must come from the
board's own page.
"""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from local.board import keys
from local.board.answers import Refused, refusal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost"})
READING = frozenset({"GET", "HEAD"})
FETCHED_BY_US = frozenset({"same-origin", "none"})  # none: typed, or from a bookmark
STRICT = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
log = logging.getLogger("local.board")


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses strangers; whatever goes wrong becomes one sentence of JSON without a secret."""
    try:
        _admit(request)
        response = await handler(request)
    except Refused as refused:
        response = refusal(refused)
    except web.HTTPException as error:
        response = refusal(Refused(error.status, _sentence(error)))
    except (TimeoutError, ConnectionError) as error:
        response = refusal(Refused(503, f"It took too long: {type(error).__name__}."))
    except Exception:
        log.exception("%s %s", request.method, request.path)
        response = refusal(Refused(500, "The board made a mistake.", "Its log says which."))
    return _finished(request, response)


def _finished(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    if response.prepared:
        return response
    for name, value in STRICT.items():
        response.headers.setdefault(name, value)
    if isinstance(response, web.Response) and response.content_type == "application/json":
        body = response.body
        if isinstance(body, bytes):
            response.body = request.app[keys.HIDING].hide(body)
    return response


def _admit(request: web.Request) -> None:
    """Raises Refused."""
    host = request.headers.get("Host", "")
    if _name(host) not in LOCAL_HOSTS:
        raise Refused(403, "The board answers to 127.0.0.1 and localhost alone.")
    site = request.headers.get("Sec-Fetch-Site")
    if request.path.startswith("/api/") and site is not None and site not in FETCHED_BY_US:
        raise Refused(403, "Only the board's own page may ask this.")
    if request.method not in READING:
        _admit_change(request, host, site)


def _admit_change(request: web.Request, host: str, site: str | None) -> None:
    if request.content_type != "application/json":
        raise Refused(415, "The body must be application/json.")
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() != f"http://{host}".lower():
        raise Refused(403, "Only the board's own page may change something.")
    if origin is None and site != "same-origin":
        raise Refused(403, "A change must come from the board's own page.")


def _name(host: str) -> str:
    name, _, port = host.lower().partition(":")
    return name if not port or port.isdigit() else ""


def _sentence(error: web.HTTPException) -> str:
    if error.status == 404:
        return "There is no such page."
    if error.status == 405:
        return "This page is not asked like that."
    if error.status == 413:
        return "The body is too large."
    return f"{error.reason}."
