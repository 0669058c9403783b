"""The authority behind HTTP (RFC 3161, 3.4): queries in, replies out, the root for all."""

from aiohttp import web

from local.tsa.authority import BadRequest, TimestampAuthority

LARGEST_QUERY = 16 * 1024
REPLY = "application/timestamp-reply"
QUERY = "application/timestamp-query"


def application(authority: TimestampAuthority) -> web.Application:
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

    app = web.Application(client_max_size=LARGEST_QUERY)
    app.router.add_post("/", timestamp)
    app.router.add_get("/ca.pem", root)
    app.router.add_get("/_local/health", health)
    return app
