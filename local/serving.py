"""A part that is an aiohttp application: listens on this machine, says so, ends when asked."""

import json
from collections.abc import Callable

from aiohttp import web

from local.ending import asked_to_end
from local.ports import HERE

GRACE_S = 2.0  # for what is being answered; a stream that somebody reads must not hold up the end


def url_alone(url: str) -> dict[str, str]:
    """What most parts say of themselves."""
    return {"url": url}


async def serve(
    app: web.Application, port: int, said: Callable[[str], dict[str, str]] = url_alone
) -> None:
    """Until SIGTERM or SIGINT. Raises OSError for a port that is taken.

    `said` makes the line that the supervisor waits for out of the address.
    """
    stop = asked_to_end()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, HERE, port).start()
        url = f"http://{HERE}:{runner.addresses[0][1]}"
        print("ready " + json.dumps(said(url)), flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()
