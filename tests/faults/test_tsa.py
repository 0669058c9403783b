"""The timestamp authority under a plan, met by the app's own client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256

import aiohttp
import pytest

from local.faults.plan import Faults
from local.tsa.authority import TimestampAuthority, make
from local.tsa.server import application
from shared.pades.errors import TimestampRefused, TimestampUnavailable
from shared.pades.timestamping import HttpTimestamper
from tests.faults.serving import once, serving

DIGEST = sha256(b"paper").digest()


@pytest.fixture(scope="module")
def authority() -> TimestampAuthority:
    return make(lambda: datetime.now(UTC))


@asynccontextmanager
async def tsa(authority: TimestampAuthority, plan: Faults) -> AsyncIterator[str]:
    async with serving(application(authority, plan)) as url:
        yield url


async def stamped(url: str) -> bytes:
    return await asyncio.to_thread(HttpTimestamper(url), DIGEST)


async def test_unavailable_then_well_again(authority: TimestampAuthority) -> None:
    async with tsa(authority, once("tsa", "unavailable")) as url:
        with pytest.raises(TimestampUnavailable):
            await stamped(url)
        assert await stamped(url)


async def test_a_wrong_token_is_noticed(authority: TimestampAuthority) -> None:
    async with tsa(authority, once("tsa", "wrong")) as url:
        with pytest.raises(TimestampRefused, match="over something else"):
            await stamped(url)
        assert await stamped(url)


async def test_slow_is_late_and_right(authority: TimestampAuthority) -> None:
    async with tsa(authority, once("tsa", "slow", delay_s=0.05)) as url:
        assert await stamped(url)


async def test_the_root_is_there_whatever_fails(authority: TimestampAuthority) -> None:
    async with (
        tsa(authority, once("tsa", "unavailable", count=1000)) as url,
        aiohttp.ClientSession() as http,
        http.get(f"{url}/ca.pem") as answer,
    ):
        assert await answer.read() == authority.root_pem()


async def test_what_is_no_query_cannot_be_answered_wrongly(authority: TimestampAuthority) -> None:
    headers = {"Content-Type": "application/timestamp-query"}
    async with (
        tsa(authority, once("tsa", "wrong")) as url,
        aiohttp.ClientSession() as http,
        http.post(url, data=b"no query", headers=headers) as answer,
    ):
        assert answer.status == 400
