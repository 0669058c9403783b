"""A gateway in front of a backend, each on a port of its own, and a browser-less client."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from local.gateway.composition import Parameters, composed
from local.gateway.server import serving
from tests.gateway.backend import Backend, running

ORIGIN = "https://app.example.com"
Started = Callable[..., Awaitable[str]]


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self, at: float = 1_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def backend() -> AsyncIterator[Backend]:
    async with running() as started:
        yield started


@pytest.fixture
async def start(clock: Clock) -> AsyncIterator[Started]:
    """Starts a gateway before the given address, with the app's own policies."""
    async with AsyncExitStack() as stack:

        async def started(upstream: str, silence_s: float = 60.0, **parameters: Any) -> str:
            given = Parameters(**{"public_base_url": upstream, "origins": (ORIGIN,), **parameters})
            return await stack.enter_async_context(
                serving(
                    composed(given),
                    upstream,
                    0,
                    monotonic_s=clock,
                    now_s=clock,
                    silence_s=silence_s,
                )
            )

        yield started


@pytest.fixture
async def gateway(start: Started, backend: Backend) -> str:
    return await start(backend.url)


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:
        yield session
