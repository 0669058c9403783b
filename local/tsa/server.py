"""The authority behind HTTP (RFC 3161, 3.4): queries in, replies out, the root for all."""

from aiohttp import web

from local.faults.http import following
from local.faults.plan import NONE, Faults
from local.tsa import failing
from local.tsa.authority import BadRequest, TimestampAuthority
from local.tsa.failing import REPLY

LARGEST_QUERY = 16 * 1024
QUERY = "application/timestamp-query"


def application(authority: TimestampAuthority, plan: Faults = NONE) -> web.Application:
    async def timestamp(request: web.Request) -> web.Response:
        if request.content_type != QUERY:
            return web.Response(status=415, text=f"Send {QUERY}.")
        try:
            return web.Response(body=authority.answer(await request.read()), content_type=REPLY)
        except BadRequest as refusal:
            return web.Response(status=400, text=str(refusal))

    async def root(request: web.Request) -> web.Response:
        del request
        return web.Response(body=authority.root_pem(), content_type="application/x-pem-file")

    async def health(request: web.Request) -> web.Response:
        del request
        return web.json_response({"status": "ok"})

    app = web.Application(
        middlewares=following(plan, failing.service(authority)), client_max_size=LARGEST_QUERY
    )
    app.router.add_post("/", timestamp)
    app.router.add_get("/ca.pem", root)
    app.router.add_get("/_local/health", health)
    return app
