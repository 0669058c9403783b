"""Coming and going without WebRTC: who may join, what the room service then shows and does."""

import time
from typing import Any

import jwt
import pytest
from livekit import api
from livekit.protocol.models import DisconnectReason, ParticipantInfo, TrackSource

from tests.contract.livekit.receiver import Receiver
from tests.contract.livekit.running import join_token, running
from tests.contract.livekit.servers import KEY, SECRET


async def test_joining_makes_the_room_and_shows_the_participant() -> None:
    async with running() as server:
        token = (
            api.AccessToken(KEY, SECRET)
            .with_identity("alice")
            .with_name("Alice")
            .with_metadata("m")
            .with_kind("sip")
            .with_attributes({"k": "v"})
            .with_grants(
                api.VideoGrants(
                    room_join=True,
                    room="r",
                    can_publish_data=False,
                    can_publish_sources=["microphone", "nonsense"],
                )
            )
            .with_room_config(api.RoomConfiguration(max_participants=7, metadata="of room"))
        )
        status, _ = await server.post("/_local/join", token=token.to_jwt())
        assert status == 200
        who = api.RoomParticipantIdentity(room="r", identity="alice")
        alice = await server.client.room.get_participant(who)
        listed = await server.client.room.list_rooms(api.ListRoomsRequest())
    assert alice.sid.startswith("PA_")
    assert (alice.name, alice.metadata, dict(alice.attributes)) == ("Alice", "m", {"k": "v"})
    assert alice.kind == ParticipantInfo.SIP
    assert alice.state == ParticipantInfo.ACTIVE
    assert alice.joined_at_ms // 1000 == alice.joined_at
    assert not alice.permission.can_publish_data
    assert list(alice.permission.can_publish_sources) == [
        TrackSource.MICROPHONE,
        TrackSource.UNKNOWN,
    ]
    room = listed.rooms[0]
    assert (room.max_participants, room.metadata, room.num_participants) == (7, "of room", 1)


async def test_grants_left_out_allow_publishing() -> None:
    claims = {"iss": KEY, "sub": "a", "exp": int(time.time()) + 60}
    video: dict[str, Any] = {"roomJoin": True, "room": "r"}
    async with running() as server:
        _, open_ = await server.post("/_local/join", token=sign({**claims, "video": video}))
        closed = {**claims, "sub": "b", "video": {**video, "canPublish": False}}
        _, mute = await server.post("/_local/join", token=sign(closed))
    assert open_["participant"]["permission"] == {
        "canSubscribe": True,
        "canPublish": True,
        "canPublishData": True,
    }
    assert mute["participant"]["permission"] == {"canSubscribe": True}


def sign(claims: dict[str, Any], secret: str = SECRET) -> str:
    return jwt.encode(claims, secret, algorithm="HS256")


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({"video": {"roomJoin": False, "room": "r"}}, 401, "permissions denied"),
        ({"video": {"roomJoin": True}}, 400, "no room name"),
        ({"sub": ""}, 400, "identity cannot be empty"),
        ({"sub": "x" * 257}, 400, "identity length exceeds limits"),
        ({"exp": 1}, 401, "expired"),
        ({"iss": "other"}, 401, "invalid API key"),
        ({"roomConfig": {"maxParticipants": "many"}}, 401, "invalid room configuration"),
        ({"attributes": {"k": 1}}, 401, "invalid token"),
        ({"attributes": "k"}, 401, "invalid token"),
        ({"video": {"roomJoin": True, "room": "r", "canPublish": "yes"}}, 401, "invalid token"),
        (
            {"video": {"roomJoin": True, "room": "r", "canPublishSources": [1]}},
            401,
            "invalid token",
        ),
    ],
)
async def test_who_may_not_join(changes: dict[str, Any], status: int, reason: str) -> None:
    claims = {"iss": KEY, "sub": "a", "exp": int(time.time()) + 60}
    video = {"roomJoin": True, "room": "r"}
    async with running() as server:
        answer = await server.post(
            "/_local/join", token=sign({**claims, "video": video, **changes})
        )
        assert answer[0] == status
        assert reason in answer[1]["error"]
        assert not server.rooms.by_name


async def test_full_room_refuses_but_a_second_connection_replaces_the_first(
    hooks: Receiver,
) -> None:
    async with running(hooks.url) as server:
        await server.client.room.create_room(api.CreateRoomRequest(name="r", max_participants=2))
        first = await server.join("alice", "r")
        await server.join("bob", "r")
        status, body = await server.post("/_local/join", token=join_token("carol", "r"))
        assert status == 500
        assert "max participants" in body["error"]
        second = await server.join("alice", "r")
        names = await hooks.names(5)
    joins = ["participant_joined"]
    assert names == ["room_started", *joins * 2, "participant_left", *joins]
    left, joined = hooks.events[3:]
    assert left.participant.sid == first["participant"]["sid"]
    assert left.participant.disconnect_reason == DisconnectReason.DUPLICATE_IDENTITY
    assert joined.participant.sid == second["participant"]["sid"] != left.participant.sid


async def test_leaving_removing_and_deleting_each_have_their_reason(hooks: Receiver) -> None:
    async with running(hooks.url) as server:
        for identity in ("alice", "bob", "carol", "dave"):
            await server.join(identity, "r")
        await server.post("/_local/leave", room="r", identity="alice")
        lost = {"room": "r", "identity": "bob", "reason": "CONNECTION_TIMEOUT"}
        await server.post("/_local/leave", **lost)
        who = api.RoomParticipantIdentity(room="r", identity="carol")
        await server.client.room.remove_participant(who)
        await server.client.room.delete_room(api.DeleteRoomRequest(room="r"))
        await hooks.names(10)
    reasons = [e.participant.disconnect_reason for e in hooks.events[5:9]]
    assert [DisconnectReason.Name(reason) for reason in reasons] == [
        "CLIENT_INITIATED",
        "CONNECTION_TIMEOUT",
        "PARTICIPANT_REMOVED",
        "ROOM_DELETED",
    ]
    assert all(e.participant.state == ParticipantInfo.DISCONNECTED for e in hooks.events[5:9])
    assert [event.room.num_participants for event in hooks.events] == [0, 1, 2, 3, 4, 3, 2, 1, 0, 0]
    assert hooks.events[-1].event == "room_finished"


@pytest.mark.parametrize("path", ["leave", "publish", "unpublish"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"room": "no", "identity": "a", "track_sid": "t"}, 404),
        ({"room": "r", "identity": "nobody", "track_sid": "t"}, 404),
        ({}, 400),
        ({"room": 1, "identity": "a", "track_sid": "t"}, 400),
    ],
)
async def test_local_calls_about_what_is_not_here(
    path: str, body: dict[str, Any], status: int
) -> None:
    async with running() as server:
        await server.join("alice", "r")
        async with server.http.post(f"/_local/{path}", json=body) as response:
            assert response.status == status


async def test_unknown_reasons_sources_and_broken_json_are_refused() -> None:
    async with running() as server:
        await server.join("alice", "r")
        who = {"room": "r", "identity": "alice"}
        for path, body in (("leave", {"reason": "BORED"}), ("publish", {"source": "TELEPATHY"})):
            async with server.http.post(f"/_local/{path}", json={**who, **body}) as response:
                assert response.status == 400
        async with server.http.post("/_local/join", data=b"{") as response:
            assert response.status == 400
        assert "alice" in server.rooms.by_name["r"].participants


async def test_health_counts(hooks: Receiver) -> None:
    async with running(hooks.url) as server:
        await server.join("alice", "r")
        await hooks.names(2)
        async with server.http.get("/_local/health") as response:
            health = await response.json()
    assert health["status"] == "ok"
    assert health["rooms"] == 1
    assert health["webhooks"]["dropped"] == 0
