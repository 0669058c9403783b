"""The gateway put together and listening on 127.0.0.1."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from local.gateway.composition import Composition
from local.gateway.forwarding import SILENCE_S, Upstream
from local.gateway.gateway import Gateway
from local.gateway.operations import Operations
from local.gateway.policies.document import policies
from local.gateway.policies.step import Surroundings

GRACE_S = 2.0
LONGEST_LINE = 16 * 1024
LONGEST_HEADER = 32 * 1024


@asynccontextmanager
async def serving(
    composition: Composition,
    upstream_url: str,
    port: int,
    *,
    monotonic_s: Callable[[], float] = time.monotonic,
    now_s: Callable[[], float] = time.time,
    silence_s: float = SILENCE_S,
) -> AsyncIterator[str]:
    """Gives its own address. Raises PolicyRefused, and OSError for a port that is taken."""
    upstream = Upstream(upstream_url, silence_s)
    try:
        around = Surroundings(monotonic_s, now_s, upstream.fetch)
        gateway = Gateway(
            policies=policies(composition.policy, around),
            operations=Operations(composition.operations),
            api_path=composition.api_path,
            upstream=upstream,
        )
        async with _listening(gateway, port) as url:
            yield url
    finally:
        await upstream.close()


@asynccontextmanager
async def _listening(gateway: Gateway, port: int) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", gateway.handle)
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=GRACE_S,
        handler_cancellation=True,  # whoever goes away needs no more of the app's answer
        max_line_size=LONGEST_LINE,
        max_field_size=LONGEST_HEADER,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
