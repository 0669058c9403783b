"""How LiveKit's server fails when a plan says so. Local routes and webhooks never do."""

from aiohttp import web

from local.faults.http import Service, retry_after
from local.faults.plan import Fault
from local.livekit.refusals import Refusal
from local.livekit.twirp import JSON, PROTOBUF

PREFIX = "/twirp/livekit."


def call(request: web.Request) -> tuple[str, str] | None:
    """The method as operation, the service as target."""
    if not request.path.startswith(PREFIX):
        return None
    service, _, method = request.path.removeprefix(PREFIX).partition("/")
    return method, service


def unavailable(_request: web.Request, fault: Fault) -> web.Response:
    refusal = Refusal("unavailable", "the server is shutting down")
    return web.json_response(refusal.body(), status=refusal.status, headers=retry_after(fault))


async def wrong(request: web.Request) -> web.Response:
    """The empty message: well-formed for every method, with no name, no room and nobody in it."""
    if request.content_type == JSON:
        return web.Response(text="{}", content_type=JSON)
    return web.Response(body=b"", content_type=PROTOBUF)


SERVICE = Service(call, unavailable, wrong)
