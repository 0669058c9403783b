"""The stand-in inside the test's own process, with a clock that the test may move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web
from livekit import api

from local.livekit import keys
from local.livekit.rooms import Rooms
from local.livekit.server import application
from local.livekit.tokens import ApiKey
from local.livekit.webhooks import Patience
from tests.contract.livekit.servers import KEY, SECRET

START_OF_TIME_S = 1_800_000_000.0


@dataclass
class Running:
    """`http` has the server's address as its base."""

    url: str
    http: aiohttp.ClientSession
    client: api.LiveKitAPI
    rooms: Rooms
    now_s: float = START_OF_TIME_S

    def clock(self) -> float:
        return self.now_s

    async def post(self, path: str, **body: Any) -> tuple[int, Any]:
        async with self.http.post(path, json=body) as response:
            return response.status, await response.json()

    async def join(self, identity: str, room: str, **grants: Any) -> Any:
        """The answer to a join with a good token."""
        status, body = await self.post("/_local/join", token=join_token(identity, room, **grants))
        assert status == 200, body
        return body


def join_token(identity: str, room: str, **grants: Any) -> str:
    token = api.AccessToken(KEY, SECRET).with_identity(identity)
    return token.with_grants(api.VideoGrants(room_join=True, room=room, **grants)).to_jwt()


@asynccontextmanager
async def running(
    *webhooks: str, patience: Patience | None = None, moving: bool = False
) -> AsyncIterator[Running]:
    """With `moving`, rooms and events are dated by `Running.now_s`."""
    holder: list[Running] = []

    def clock() -> float:
        return holder[0].clock() if holder else START_OF_TIME_S

    extra: dict[str, Any] = {"now": clock} if moving else {}
    app = application(ApiKey(KEY, SECRET), webhooks, patience=patience, **extra)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    client = api.LiveKitAPI(url, KEY, SECRET)
    async with aiohttp.ClientSession(url) as http:
        holder.append(Running(url, http, client, app[keys.ROOMS]))
        try:
            yield holder[0]
        finally:
            await client.aclose()
            await runner.cleanup()
