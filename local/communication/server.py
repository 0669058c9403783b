"""The recorder put together: the service's signed routes, the local ones, and the page."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from local.communication import failing, keys, local_api, page, preview, service_api
from local.communication.authorization import AccessKey
from local.communication.changes import Changes
from local.communication.email import EmailService
from local.communication.faults import Faults
from local.communication.recorder import Recorder
from local.communication.sms import SmsService
from local.faults.http import following
from local.faults.plan import NONE
from local.faults.plan import Faults as Plan

LARGEST_REQUEST = 10 * 1024 * 1024


def now() -> datetime:
    return datetime.now(UTC)


def application(
    key: AccessKey, folder: Path | None, clock: keys.Clock = now, plan: Plan = NONE
) -> web.Application:
    """Without a folder, messages live as long as the process. Raises OSError, sqlite3.Error."""
    middlewares = [*following(plan, failing.SERVICE), service_api.plainly]
    app = web.Application(middlewares=middlewares, client_max_size=LARGEST_REQUEST)
    recorder, faults = Recorder(folder), Faults()
    app[keys.ACCESS_KEY] = key
    app[keys.CLOCK] = clock
    app[keys.RECORDER] = recorder
    app[keys.FAULTS] = faults
    app[keys.SMS] = SmsService(recorder, faults)
    app[keys.EMAIL] = EmailService(recorder, faults)
    app[keys.CHANGES] = Changes()
    for room in (service_api, local_api, preview, page):
        app.add_routes(room.ROUTES)
    app.on_shutdown.append(end_streams)
    app.cleanup_ctx.append(close_recorder)
    return app


async def end_streams(app: web.Application) -> None:
    await app[keys.CHANGES].close()


async def close_recorder(app: web.Application) -> AsyncIterator[None]:
    yield
    app[keys.RECORDER].close()
