"""The other end of webhooks: verifies each with LiveKit's own receiver and keeps what came."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from livekit import api
from livekit.protocol.webhook import WebhookEvent

from tests.contract.livekit.servers import KEY, SECRET

ARRIVAL_S = 10.0


@dataclass
class Receiver:
    """`answers` are the statuses of the next calls, then 200; `events` those that got 200."""

    answers: list[int] = field(default_factory=list)
    events: list[WebhookEvent] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    calls: int = 0
    url: str = ""
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.text()
        token = request.headers.get("Authorization", "")
        event = api.WebhookReceiver(api.TokenVerifier(KEY, SECRET)).receive(body, token)
        status = self.answers.pop(0) if self.answers else 200
        async with self._changed:
            self.calls += 1
            if status == 200:
                self.events.append(event)
                self.bodies.append(body)
                self.headers.append(dict(request.headers))
            self._changed.notify_all()
        return web.Response(status=status)

    async def until(self, enough: Callable[["Receiver"], bool]) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(ARRIVAL_S), self._changed:
            await self._changed.wait_for(lambda: enough(self))

    async def names(self, count: int) -> list[str]:
        """What the first `count` events are called, as soon as they are here."""
        await self.until(lambda receiver: len(receiver.events) >= count)
        return [event.event for event in self.events]


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    taken = Receiver()
    app = web.Application()
    app.router.add_post("/webhook", taken.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    taken.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    try:
        yield taken
    finally:
        await runner.cleanup()
