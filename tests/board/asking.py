"""A board to ask, as its own page asks it. Whatever it answers, no credential may be in it."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeVar

import aiohttp
from aiohttp import web

from local.board.hiding import secrets_of
from local.board.server import application
from local.board.surroundings import Surroundings

PATIENCE_S = 20.0
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Board:
    """`url` without a slash at its end."""

    url: str
    session: aiohttp.ClientSession
    secrets: frozenset[str]

    async def ask(
        self, method: str, path: str, body: bytes | BytesIO | None = None, **headers: str
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(
            method, self.url + path, data=body, headers=named
        ) as response:
            found = Answer(response.status, dict(response.headers), await response.read())
        for secret in self.secrets:
            assert secret.encode() not in found.body, f"{path} tells a secret"
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Security-Policy" in found.headers
        return found

    async def get(self, path: str, status: int = 200) -> Any:
        answer = await self.ask("GET", path)
        assert answer.status == status, answer.body
        return answer.json

    async def post(self, path: str, body: object, status: int = 200) -> Any:
        """As the board's own page does."""
        sent = json.dumps(body).encode()
        same = {"Content_Type": "application/json", "Origin": self.url}
        answer = await self.ask("POST", path, sent, **same)
        assert answer.status == status, answer.body
        return answer.json

    async def until(self, look: Callable[[], Awaitable[T | None]]) -> T:
        """What `look` finds, once it finds something: other processes take their time."""
        async with asyncio.timeout(PATIENCE_S):
            while not (found := await look()):  # noqa: ASYNC110 - another process does it
                await asyncio.sleep(0.05)
        return found


@asynccontextmanager
async def served(app: web.Application) -> AsyncGenerator[str]:
    """The address of an application on any free port."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def board_of(surroundings: Surroundings) -> AsyncGenerator[Board]:
    async with served(application(surroundings)) as url, aiohttp.ClientSession() as session:
        yield Board(url, session, frozenset(secrets_of(surroundings)))
