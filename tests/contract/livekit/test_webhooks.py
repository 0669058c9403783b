"""Delivery of webhooks: signed, in order, again after a failure, and given up in the end."""

import asyncio
import json
import time

import aiohttp
import jwt
from livekit import api

from local.livekit.webhooks import Patience
from tests.contract.livekit.receiver import Receiver, receiver
from tests.contract.livekit.running import running
from tests.contract.livekit.servers import KEY, SECRET

SOON = Patience(first_wait_s=0.01, longest_wait_s=0.02, max_age_s=10)


async def test_a_webhook_on_the_wire(hooks: Receiver) -> None:
    async with running(hooks.url) as server:
        await server.join("alice", "r")
        await hooks.names(2)
    headers, body = hooks.headers[1], json.loads(hooks.bodies[1])
    assert headers["Content-Type"] == "application/webhook+json"
    claims = jwt.decode(headers["Authorization"], SECRET, algorithms=["HS256"], issuer=KEY)
    assert claims["exp"] - claims["nbf"] == 300
    assert set(claims) == {"iss", "nbf", "exp", "sha256"}
    assert body["event"] == "participant_joined"
    assert body["id"].startswith("EV_")
    assert abs(int(body["createdAt"]) - time.time()) < 5
    assert body["participant"]["joinedAt"] == str(int(body["participant"]["joinedAt"]))
    assert "numParticipants" not in json.loads(hooks.bodies[0])["room"]


async def test_failures_are_repeated_in_order_and_arrive_once(hooks: Receiver) -> None:
    hooks.answers = [503, 500, 429]
    async with running(hooks.url, patience=SOON) as server:
        await server.join("alice", "r")
        await server.post("/_local/leave", room="r", identity="alice")
        names = await hooks.names(3)
        assert names == ["room_started", "participant_joined", "participant_left"]
        assert hooks.calls == 6
        assert len({event.id for event in hooks.events}) == 3


async def test_a_refusal_is_final(hooks: Receiver) -> None:
    hooks.answers = [401]
    async with running(hooks.url, patience=SOON) as server:
        await server.join("alice", "r")
        assert await hooks.names(1) == ["participant_joined"]
        assert hooks.calls == 2


async def test_what_is_too_old_is_dropped_and_the_next_arrives() -> None:
    impatient = Patience(first_wait_s=0.01, longest_wait_s=0.01, max_age_s=0.2)
    async with receiver() as hooks, running(hooks.url, patience=impatient) as server:
        hooks.answers = [503] * 10_000
        await server.join("alice", "r")
        await until_dropped(server.http, 2)
        hooks.answers = []
        await server.post("/_local/leave", room="r", identity="alice")
        assert await hooks.names(1) == ["participant_left"]


async def test_a_target_that_is_down_holds_up_no_other(hooks: Receiver) -> None:
    nowhere = "http://127.0.0.1:9/webhook"
    async with running(nowhere, hooks.url, patience=SOON) as server:
        await server.join("alice", "r")
        assert await hooks.names(2) == ["room_started", "participant_joined"]


async def test_a_room_that_is_stuck_holds_up_no_other(hooks: Receiver) -> None:
    slow = Patience(first_wait_s=30, longest_wait_s=30, max_age_s=60)
    hooks.answers = [503]
    async with running(hooks.url, patience=slow) as server:
        await server.join("alice", "stuck")
        await hooks.until(lambda receiver: receiver.calls == 1)
        await server.join("bob", "free")
        await hooks.names(2)
    assert {event.room.name for event in hooks.events} == {"free"}


async def test_more_than_two_hundred_waiting_are_dropped(hooks: Receiver) -> None:
    slow = Patience(first_wait_s=30, longest_wait_s=30, max_age_s=60)
    hooks.answers = [503]
    async with running(hooks.url, patience=slow) as server:
        await server.join("alice", "r")
        await hooks.until(lambda receiver: receiver.calls == 1)
        for _ in range(120):
            await server.join("alice", "r")  # each is participant_left and participant_joined
        async with server.http.get("/_local/health") as response:
            counts = (await response.json())["webhooks"]
    assert counts == {"sent": 0, "waiting": 200, "dropped": 42}


async def test_two_joins_at_once_leave_one_connection(hooks: Receiver) -> None:
    async with running(hooks.url) as server:
        await asyncio.gather(*(server.join("alice", "r") for _ in range(20)))
        people = await server.client.room.list_participants(api.ListParticipantsRequest(room="r"))
        assert len(people.participants) == 1
        names = await hooks.names(40)
    assert names.count("room_started") == 1
    assert names[1:] == ["participant_joined", *["participant_left", "participant_joined"] * 19]
    pairs = zip(hooks.events[1::2], hooks.events[2::2], strict=False)
    assert all(joined.participant.sid == left.participant.sid for joined, left in pairs)


async def until_dropped(http: aiohttp.ClientSession, count: int) -> None:
    """Raises TimeoutError."""
    async with asyncio.timeout(10):
        while True:
            async with http.get("/_local/health") as response:
                if (await response.json())["webhooks"]["dropped"] >= count:
                    return
            await asyncio.sleep(0.02)
