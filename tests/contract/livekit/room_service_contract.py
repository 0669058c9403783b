"""What the room service must do, whoever serves it; a test class gives it a `server`."""

import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import jwt
import pytest
from livekit import api
from livekit.protocol.room import RoomEgress

from tests.contract.livekit.servers import KEY, SECRET, Server

ROOM_SERVICE = "/twirp/livekit.RoomService/"
PROTOBUF = "application/protobuf"


def token(*, secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    now = int(time.time())
    return jwt.encode({"iss": KEY, "exp": now + 60, **claims}, secret, algorithm=algorithm)


async def refusal(call: Any) -> tuple[str, int]:
    with pytest.raises(api.TwirpError) as refused:
        await call
    return refused.value.code, refused.value.status


class RoomServiceContract:
    @pytest.fixture
    async def client(self, server: Server) -> AsyncIterator[api.LiveKitAPI]:
        async with api.LiveKitAPI(server.url, KEY, SECRET) as client:
            yield client

    @pytest.fixture
    async def http(self, server: Server) -> AsyncIterator[aiohttp.ClientSession]:
        async with aiohttp.ClientSession(server.url) as session:
            yield session

    @pytest.fixture
    def name(self) -> str:
        return f"room-{uuid.uuid4()}"

    async def test_created_room_has_what_was_asked_and_defaults(
        self, client: api.LiveKitAPI, name: str
    ) -> None:
        room = await client.room.create_room(
            api.CreateRoomRequest(name=name, empty_timeout=60, max_participants=4, metadata="m")
        )
        assert room.sid.startswith("RM_")
        assert (room.name, room.metadata, room.max_participants) == (name, "m", 4)
        assert (room.empty_timeout, room.departure_timeout) == (60, 20)
        assert abs(room.creation_time - time.time()) < 5
        assert room.creation_time_ms // 1000 == room.creation_time
        assert "audio/opus" in [codec.mime for codec in room.enabled_codecs]

    async def test_creating_twice_gives_the_same_room_unchanged(
        self, client: api.LiveKitAPI, name: str
    ) -> None:
        first = await client.room.create_room(api.CreateRoomRequest(name=name, max_participants=2))
        again = await client.room.create_room(api.CreateRoomRequest(name=name, max_participants=9))
        assert (again.sid, again.max_participants) == (first.sid, 2)

    async def test_list_filters_by_name(self, client: api.LiveKitAPI, name: str) -> None:
        await client.room.create_room(api.CreateRoomRequest(name=name))
        everything = await client.room.list_rooms(api.ListRoomsRequest())
        assert name in [room.name for room in everything.rooms]
        named = await client.room.list_rooms(api.ListRoomsRequest(names=[name, "no-such-room"]))
        assert [room.name for room in named.rooms] == [name]

    async def test_deleted_room_is_gone_and_cannot_be_deleted_again(
        self, client: api.LiveKitAPI, name: str
    ) -> None:
        first = await client.room.create_room(api.CreateRoomRequest(name=name))
        await client.room.delete_room(api.DeleteRoomRequest(room=name))
        assert not (await client.room.list_rooms(api.ListRoomsRequest(names=[name]))).rooms
        again = client.room.delete_room(api.DeleteRoomRequest(room=name))
        assert await refusal(again) == ("not_found", 404)
        anew = await client.room.create_room(api.CreateRoomRequest(name=name))
        assert anew.sid != first.sid

    async def test_metadata_of_a_room_is_replaced(self, client: api.LiveKitAPI, name: str) -> None:
        await client.room.create_room(api.CreateRoomRequest(name=name, metadata="old"))
        update = api.UpdateRoomMetadataRequest(room=name, metadata="new")
        assert (await client.room.update_room_metadata(update)).metadata == "new"
        nowhere = api.UpdateRoomMetadataRequest(room="no-such-room", metadata="new")
        refused = await refusal(client.room.update_room_metadata(nowhere))
        assert refused == ("not_found", 404)

    async def test_nobody_in_a_room(self, client: api.LiveKitAPI, name: str) -> None:
        await client.room.create_room(api.CreateRoomRequest(name=name))
        here = await client.room.list_participants(api.ListParticipantsRequest(room=name))
        assert not here.participants
        nowhere = api.ListParticipantsRequest(room="no-such-room")
        assert not (await client.room.list_participants(nowhere)).participants

    @pytest.mark.parametrize("room_exists", [True, False])
    async def test_absent_participant(
        self, client: api.LiveKitAPI, name: str, room_exists: bool
    ) -> None:
        if room_exists:
            await client.room.create_room(api.CreateRoomRequest(name=name))
        who = api.RoomParticipantIdentity(room=name, identity="nobody")
        update = api.UpdateParticipantRequest(room=name, identity="nobody", metadata="m")
        assert await refusal(client.room.get_participant(who)) == ("not_found", 404)
        assert await refusal(client.room.remove_participant(who)) == ("not_found", 404)
        assert await refusal(client.room.update_participant(update)) == ("not_found", 404)

    async def test_calls_routed_to_somebody_absent_are_unavailable(
        self, client: api.LiveKitAPI, name: str
    ) -> None:
        mute = api.MuteRoomTrackRequest(room=name, identity="nobody", track_sid="x", muted=True)
        data = api.SendDataRequest(room=name, data=b"x")
        assert await refusal(client.room.mute_published_track(mute)) == ("unavailable", 503)
        assert await refusal(client.room.send_data(data)) == ("unavailable", 503)

    async def test_data_for_an_empty_room_is_taken(self, client: api.LiveKitAPI, name: str) -> None:
        await client.room.create_room(api.CreateRoomRequest(name=name))
        await client.room.send_data(api.SendDataRequest(room=name, data=b"x", topic="t"))

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"name": "x" * 257}, ("invalid_argument", 400)),
            ({"name": "n", "metadata": "x" * (512 * 1024 + 1)}, ("invalid_argument", 400)),
            ({"name": "n", "room_preset": "unknown"}, ("invalid_argument", 400)),
        ],
        ids=["long name", "large metadata", "unknown preset"],
    )
    async def test_refused_creation(
        self, client: api.LiveKitAPI, asked: dict[str, Any], expected: tuple[str, int]
    ) -> None:
        request = api.CreateRoomRequest(**asked)
        assert await refusal(client.room.create_room(request)) == expected

    async def test_room_that_wants_recording_is_made_without(
        self, client: api.LiveKitAPI, name: str
    ) -> None:
        request = api.CreateRoomRequest(name=name, egress=RoomEgress())
        assert not (await client.room.create_room(request)).active_recording

    async def test_longest_name_is_taken(self, client: api.LiveKitAPI) -> None:
        name = uuid.uuid4().hex * 8
        room = await client.room.create_room(api.CreateRoomRequest(name=name))
        assert len(room.name) == 256

    async def test_moving_to_the_same_room_is_refused(
        self, client: api.LiveKitAPI, name: str
    ) -> None:
        move = api.MoveParticipantRequest(room=name, identity="x", destination_room=name)
        assert await refusal(client.room.move_participant(move)) == ("invalid_argument", 400)

    @pytest.mark.parametrize(
        ("video", "status"),
        [
            ({"roomList": True}, 200),
            ({"roomCreate": True}, 401),
            ({"roomAdmin": True, "room": "a"}, 401),
            ({"roomList": False}, 401),
            ({}, 401),
        ],
    )
    async def test_listing_needs_its_grant(
        self, http: aiohttp.ClientSession, video: dict[str, Any], status: int
    ) -> None:
        assert await self.call(http, "ListRooms", token(video=video)) == status

    @pytest.mark.parametrize("method", ["CreateRoom", "DeleteRoom", "ListParticipants", "SendData"])
    async def test_every_call_needs_more_than_a_key(
        self, http: aiohttp.ClientSession, method: str
    ) -> None:
        assert await self.call(http, method, token(video={"roomList": True})) == 401

    async def test_admin_of_one_room_is_not_admin_of_another(
        self, client: api.LiveKitAPI, http: aiohttp.ClientSession, name: str
    ) -> None:
        await client.room.create_room(api.CreateRoomRequest(name=name))
        body = api.ListParticipantsRequest(room=name).SerializeToString()
        mine = token(video={"roomAdmin": True, "room": name})
        other = token(video={"roomAdmin": True, "room": "another"})
        assert await self.call(http, "ListParticipants", mine, body) == 200
        assert await self.call(http, "ListParticipants", other, body) == 401

    @pytest.mark.parametrize(
        ("claims", "status"),
        [
            ({"exp": -30}, 200),
            ({"exp": -90}, 401),
            ({"exp": 600, "nbf": 300}, 401),
            ({"exp": 600, "nbf": 30}, 200),
        ],
        ids=["expired in leeway", "expired", "not yet", "not yet in leeway"],
    )
    async def test_time_of_tokens(
        self, http: aiohttp.ClientSession, claims: dict[str, int], status: int
    ) -> None:
        now = int(time.time())
        times: dict[str, Any] = {claim: now + offset for claim, offset in claims.items()}
        bearer = token(video={"roomList": True}, **times)
        assert await self.call(http, "ListRooms", bearer) == status

    @pytest.mark.parametrize(
        "bad",
        [
            "garbage",
            token(secret="another-secret-of-32-characters-or-more", video={"roomList": True}),
            token(iss="another-key", video={"roomList": True}),
            token(secret=SECRET * 2, algorithm="HS512", video={"roomList": True}),
            jwt.encode({"iss": KEY, "video": {"roomList": True}}, "", algorithm="none"),
        ],
        ids=["garbage", "secret", "issuer", "algorithm", "unsigned"],
    )
    async def test_forged_tokens(self, http: aiohttp.ClientSession, bad: str) -> None:
        assert await self.call(http, "ListRooms", bad) == 401

    async def test_without_a_token(self, http: aiohttp.ClientSession) -> None:
        headers = {"Content-Type": PROTOBUF}
        async with http.post(ROOM_SERVICE + "ListRooms", headers=headers) as response:
            assert response.status == 401
            assert await response.json() == {
                "code": "unauthenticated",
                "msg": "permissions denied",
            }
        headers["Authorization"] = "Basic abc"
        async with http.post(ROOM_SERVICE + "ListRooms", headers=headers) as response:
            assert response.status == 401

    @pytest.mark.parametrize(
        ("method", "path", "content_type", "body", "expected"),
        [
            ("POST", "Nope", PROTOBUF, b"", (404, "bad_route")),
            ("GET", "ListRooms", PROTOBUF, None, (404, "bad_route")),
            ("POST", "ListRooms", "text/plain", b"", (404, "bad_route")),
            ("POST", "ListRooms", PROTOBUF, b"\xff\xff", (400, "malformed")),
            ("POST", "ListRooms", "application/json", b'{"names":', (400, "malformed")),
        ],
    )
    async def test_malformed_calls(
        self,
        http: aiohttp.ClientSession,
        method: str,
        path: str,
        content_type: str,
        body: bytes | None,
        expected: tuple[int, str],
    ) -> None:
        bearer = token(video={"roomList": True})
        headers = {"Content-Type": content_type, "Authorization": f"Bearer {bearer}"}
        async with http.request(method, ROOM_SERVICE + path, headers=headers, data=body) as said:
            assert (said.status, (await said.json())["code"]) == expected

    async def test_json_is_spoken_too(
        self, client: api.LiveKitAPI, http: aiohttp.ClientSession, name: str
    ) -> None:
        await client.room.create_room(api.CreateRoomRequest(name=name))
        headers = {"Authorization": f"Bearer {token(video={'roomList': True})}"}
        body = {"names": [name]}
        async with http.post(ROOM_SERVICE + "ListRooms", json=body, headers=headers) as response:
            room = (await response.json())["rooms"][0]
        assert (room["name"], room["num_participants"]) == (name, 0)

    @pytest.mark.parametrize(
        ("claims", "expected"),
        [
            ({"sub": "a", "video": {"roomJoin": True, "room": "r"}}, (200, "success")),
            ({"sub": "a", "video": {"room": "r"}}, (401, "permissions denied")),
            ({"sub": "a", "video": {"roomJoin": True}}, (400, "no room name")),
            ({"video": {"roomJoin": True, "room": "r"}}, (400, "identity cannot be empty")),
        ],
    )
    async def test_validation_of_join_tokens(
        self, http: aiohttp.ClientSession, claims: dict[str, Any], expected: tuple[int, str]
    ) -> None:
        query = {"access_token": token(**claims)}
        async with http.get("/rtc/validate", params=query) as response:
            assert (response.status, await response.text()) == expected
            assert response.headers["Access-Control-Allow-Origin"] == "*"

    async def test_validation_without_a_token(self, http: aiohttp.ClientSession) -> None:
        async with http.get("/rtc/validate") as response:
            assert response.status == 401

    async def call(
        self, http: aiohttp.ClientSession, method: str, bearer: str, body: bytes = b""
    ) -> int:
        headers = {"Content-Type": PROTOBUF, "Authorization": f"Bearer {bearer}"}
        async with http.post(ROOM_SERVICE + method, headers=headers, data=body) as response:
            return response.status
