"""Tracks, permissions, attributes and data of those who are present."""

import base64

from livekit import api
from livekit.protocol.models import ParticipantPermission, TrackSource, TrackType

from tests.contract.livekit.receiver import Receiver
from tests.contract.livekit.room_service_contract import refusal
from tests.contract.livekit.running import running


async def test_published_track_is_shown_muted_and_ended(hooks: Receiver) -> None:
    async with running(hooks.url) as server:
        await server.join("alice", "r")
        _, said = await server.post("/_local/publish", room="r", identity="alice", name="mic")
        sid = said["track"]["sid"]
        mute = api.MuteRoomTrackRequest(room="r", identity="alice", track_sid=sid, muted=True)
        assert (await server.client.room.mute_published_track(mute)).track.muted
        mute.muted = False
        refused = await refusal(server.client.room.mute_published_track(mute))
        assert refused == ("failed_precondition", 412)
        who = api.RoomParticipantIdentity(room="r", identity="alice")
        alice = await server.client.room.get_participant(who)
        assert alice.is_publisher
        assert (alice.tracks[0].source, alice.tracks[0].type) == (
            TrackSource.MICROPHONE,
            TrackType.AUDIO,
        )
        assert alice.tracks[0].muted
        await server.post("/_local/unpublish", room="r", identity="alice", track_sid=sid)
        names = await hooks.names(4)
    assert names[2:] == ["track_published", "track_unpublished"]
    published = hooks.events[2]
    assert published.track.sid == sid
    assert (published.room.name, published.participant.identity) == ("r", "alice")
    assert not published.room.creation_time


async def test_muting_a_track_that_is_not_there_passes_without_one() -> None:
    async with running() as server:
        await server.join("alice", "r")
        mute = api.MuteRoomTrackRequest(room="r", identity="alice", track_sid="TR_no", muted=True)
        answer = await server.client.room.mute_published_track(mute)
    assert not answer.HasField("track")


async def test_who_may_not_publish() -> None:
    async with running() as server:
        await server.join("listener", "r", can_publish=False)
        await server.join("speaker", "r", can_publish_sources=["microphone"])
        listen = {"room": "r", "identity": "listener"}
        speak = {"room": "r", "identity": "speaker"}
        assert (await server.post("/_local/publish", **listen))[0] == 412
        assert (await server.post("/_local/publish", **speak, source="CAMERA"))[0] == 412
        assert (await server.post("/_local/publish", **speak))[0] == 200


async def test_update_merges_attributes_and_ends_what_is_no_longer_permitted(
    hooks: Receiver,
) -> None:
    async with running(hooks.url) as server:
        await server.join("alice", "r")
        await server.post("/_local/publish", room="r", identity="alice")
        first = api.UpdateParticipantRequest(
            room="r", identity="alice", name="Alice", attributes={"keep": "1", "drop": "2"}
        )
        before = await server.client.room.update_participant(first)
        second = api.UpdateParticipantRequest(
            room="r",
            identity="alice",
            metadata="m",
            attributes={"drop": "", "new": "3"},
            permission=ParticipantPermission(can_subscribe=True),
        )
        after = await server.client.room.update_participant(second)
        names = await hooks.names(4)
    assert (after.name, after.metadata) == ("Alice", "m")
    assert dict(after.attributes) == {"keep": "1", "new": "3"}
    assert not after.tracks
    assert after.version > before.version
    assert names[-1] == "track_unpublished"


async def test_update_beyond_limits_is_refused() -> None:
    async with running() as server:
        await server.join("alice", "r")
        for too_much in (
            {"name": "x" * 257},
            {"metadata": "x" * (512 * 1024 + 1)},
            {"attributes": {"k": "x" * (64 * 1024)}},
        ):
            request = api.UpdateParticipantRequest(room="r", identity="alice", **too_much)
            refused = await refusal(server.client.room.update_participant(request))
            assert refused == ("invalid_argument", 400)


async def test_data_reaches_those_who_are_named_else_everybody() -> None:
    async with running() as server:
        await server.join("alice", "r")
        await server.join("bob", "r")
        for_all = api.SendDataRequest(room="r", data=b"\x00all", topic="t")
        for_bob = api.SendDataRequest(room="r", data=b"bob", destination_identities=["bob", "zed"])
        await server.client.room.send_data(for_all)
        await server.client.room.send_data(for_bob)
        async with server.http.get("/_local/data", params={"room": "r"}) as response:
            packets = (await response.json())["packets"]
    assert base64.b64decode(packets[0]["payload_base64"]) == b"\x00all"
    assert packets[0]["topic"] == "t"
    assert [packet["received_by"] for packet in packets] == [["alice", "bob"], ["bob"]]


async def test_moving_a_participant_is_not_for_the_open_server() -> None:
    async with running() as server:
        await server.join("alice", "r")
        move = api.MoveParticipantRequest(room="r", identity="alice", destination_room="other")
        assert await refusal(server.client.room.move_participant(move)) == ("unknown", 500)


async def test_services_that_need_redis_say_so() -> None:
    async with running() as server:
        recordings = server.client.egress.list_egress(api.ListEgressRequest())
        trunks = server.client.sip.list_inbound_trunk(api.ListSIPInboundTrunkRequest())
        assert await refusal(recordings) == ("internal", 500)
        assert await refusal(trunks) == ("internal", 500)
