"""The server put together: authentication first, then Twirp, joining and closing idle rooms."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from aiohttp import web

from local.faults.http import following
from local.faults.plan import NONE, Faults
from local.livekit import failing, keys, local_api, twirp
from local.livekit.events import Announcer, Now
from local.livekit.refusals import TokenRefused
from local.livekit.rooms import Rooms
from local.livekit.tokens import ApiKey, bearer, verify
from local.livekit.webhooks import Patience, Webhooks

LARGEST_BODY = 4 * 1024 * 1024
IDLE_CHECK_S = 0.25

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(
    key: ApiKey,
    targets: tuple[str, ...] = (),
    *,
    now: Now = time.time,
    patience: Patience | None = None,
    plan: Faults = NONE,
) -> web.Application:
    """`targets` are the URLs that get webhooks; `now` dates rooms and events; `plan` fails."""
    middlewares = [*following(plan, failing.SERVICE), authenticate]
    app = web.Application(middlewares=middlewares, client_max_size=LARGEST_BODY)
    webhooks = Webhooks(key, targets, patience or Patience())
    app[keys.API_KEY] = key
    app[keys.WEBHOOKS] = webhooks
    app[keys.ROOMS] = Rooms(Announcer(webhooks.notify, now))
    app.add_routes(
        [
            web.get("/", alive),
            web.route("*", "/twirp/livekit.{service}/{method}", twirp.answer),
            web.get("/rtc/validate", local_api.validate),
            *local_api.ROUTES,
        ]
    )
    app.cleanup_ctx.append(close_idle_rooms)
    return app


async def alive(_: web.Request) -> web.Response:
    return web.Response(text="OK")


@web.middleware
async def authenticate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A bad token is refused on any path; none at all is nobody, who may then do little."""
    try:
        token = bearer(request.headers.get("Authorization"), request.query.get("access_token"))
        request[keys.GRANTS] = verify(token, request.app[keys.API_KEY])
    except TokenRefused as refused:
        return web.Response(status=401, text=str(refused), headers=local_api.ANY_ORIGIN)
    return await handler(request)


async def close_idle_rooms(app: web.Application) -> AsyncIterator[None]:
    async def watch() -> None:
        while True:
            await asyncio.sleep(IDLE_CHECK_S)
            app[keys.ROOMS].close_idle()

    watching = asyncio.create_task(watch())
    yield
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    await app[keys.WEBHOOKS].close()
