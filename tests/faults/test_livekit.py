"""LiveKit's server under a plan, met by its own client."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from livekit import api

from local.faults.plan import Faults
from local.livekit.server import application
from local.livekit.tokens import ApiKey
from tests.contract.livekit.servers import KEY, SECRET
from tests.faults.serving import once, serving


@asynccontextmanager
async def livekit(plan: Faults) -> AsyncIterator[api.LiveKitAPI]:
    app = application(ApiKey(KEY, SECRET), plan=plan)
    async with serving(app) as url, api.LiveKitAPI(url, KEY, SECRET, failover=False) as client:
        yield client


async def opened(client: api.LiveKitAPI, name: str = "yard") -> str:
    room = await client.room.create_room(api.CreateRoomRequest(name=name))
    return str(room.name)


async def rooms(client: api.LiveKitAPI) -> list[str]:
    listed = await client.room.list_rooms(api.ListRoomsRequest())
    return [room.name for room in listed.rooms]


async def test_unavailable_opens_no_room() -> None:
    async with livekit(once("livekit", "unavailable", operation="CreateRoom")) as client:
        with pytest.raises(api.TwirpError) as failed:
            await opened(client)
        assert (failed.value.status, failed.value.code) == (503, "unavailable")
        assert await rooms(client) == []
        assert await opened(client) == "yard"


async def test_a_lost_reply_has_opened_the_room() -> None:
    async with livekit(once("livekit", "reply-lost", operation="CreateRoom")) as client:
        with pytest.raises(aiohttp.ClientError):
            await opened(client)
        assert await rooms(client) == ["yard"]


async def test_a_wrong_answer_names_no_room_and_opens_none() -> None:
    async with livekit(once("livekit", "wrong", operation="CreateRoom")) as client:
        assert await opened(client) == ""
        assert await rooms(client) == []


async def test_slow_is_late_and_right() -> None:
    async with livekit(once("livekit", "slow", delay_s=0.05)) as client:
        assert await opened(client) == "yard"
