"""One part inside the test's own process, on any free port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from local.faults.plan import Faults
from local.faults.rules import parsed


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    """Its address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def once(part: str, fault: str, **rule: Any) -> Faults:
    """A plan of one fault, which happens once."""
    rules = [{"part": part, "fault": fault, "count": 1, **rule}]
    return Faults(parsed({"seed": 1, "rules": rules}), part)
