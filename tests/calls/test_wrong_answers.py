"""A LiveKit server that answers about no room: there is no call without one."""

import pytest

from functions.calls.repository import LiveKitRooms
from local.livekit.server import application
from local.livekit.tokens import ApiKey
from shared.errors import Unavailable
from tests.contract.livekit.servers import KEY, SECRET
from tests.faults.serving import once, serving


async def test_a_room_counts_as_open_only_once_it_is() -> None:
    plan = once("livekit", "wrong", operation="CreateRoom")
    async with serving(application(ApiKey(KEY, SECRET), plan=plan)) as url:
        rooms = LiveKitRooms(url, KEY, SECRET)
        with pytest.raises(Unavailable, match="another room"):
            await rooms.open("default.c-1")
        assert await rooms.names() == set()
        await rooms.open("default.c-1")
        assert await rooms.names() == {"default.c-1"}
