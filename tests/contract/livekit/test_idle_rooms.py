"""Rooms that nobody uses end: after `empty_timeout`, or `departure_timeout` once used."""

from livekit import api

from tests.contract.livekit.receiver import Receiver
from tests.contract.livekit.running import running


async def test_room_that_nobody_entered_ends_after_its_empty_timeout() -> None:
    async with running(moving=True) as server:
        await server.client.room.create_room(api.CreateRoomRequest(name="r", empty_timeout=60))
        server.now_s += 59
        assert server.rooms.close_idle() == []
        server.now_s += 1
        assert server.rooms.close_idle() == ["r"]


async def test_room_that_was_left_ends_after_its_departure_timeout(hooks: Receiver) -> None:
    async with running(hooks.url, moving=True) as server:
        request = api.CreateRoomRequest(name="r", empty_timeout=600, departure_timeout=5)
        await server.client.room.create_room(request)
        await server.join("alice", "r")
        server.now_s += 10_000
        assert server.rooms.close_idle() == []
        await server.post("/_local/leave", room="r", identity="alice")
        server.now_s += 4
        assert server.rooms.close_idle() == []
        server.now_s += 1
        names = await hooks.names(4)
    assert names[-1] == "room_finished"
    assert hooks.events[-1].created_at == int(server.now_s)


async def test_coming_back_in_time_keeps_the_room() -> None:
    async with running(moving=True) as server:
        request = api.CreateRoomRequest(name="r", departure_timeout=5)
        sid = (await server.client.room.create_room(request)).sid
        await server.join("alice", "r")
        await server.post("/_local/leave", room="r", identity="alice")
        server.now_s += 4
        back = await server.join("alice", "r")
        server.now_s += 100
        assert server.rooms.close_idle() == []
    assert back["room"]["sid"] == sid
