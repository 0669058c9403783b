"""The use cases of calls: fetch, decide, save."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from functions.calls.domain import Call, Happening, Status, call_of_room
from functions.calls.models import StartCall, TokenView
from shared.contracts.calls import RecordWebhook
from shared.errors import Missing
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Documents, Stored
from shared.records.rereading import until_fresh
from shared.telemetry.logs import say

OPEN_FOR = timedelta(minutes=10)
TOKEN_LIVES = timedelta(minutes=5)


class Calls(Documents[Call], Protocol):
    """Where calls are kept."""

    async def open_since(self, before: datetime) -> list[tuple[str, str]]:
        """(tenant_id, id) of calls that were opened before then and still are."""
        ...


class Rooms(Protocol):
    """The LiveKit server."""

    @property
    def url(self) -> str: ...
    async def open(self, room: str) -> None: ...
    async def close(self, room: str) -> None: ...
    async def names(self) -> set[str]: ...
    def token(self, room: str, user_id: str, name: str, lifetime: timedelta) -> str: ...
    def verified(self, body: bytes, signature: str) -> dict[str, Any]: ...


class Jobs(Protocol):
    """Where work is put that needs no document of its own."""

    async def put(self, job: RecordWebhook, session_id: str) -> None: ...


class CallService:
    """Calls, and what LiveKit says of them."""

    def __init__(self, calls: Calls, rooms: Rooms, jobs: Jobs, now: Clock) -> None:
        self._calls = calls
        self._rooms = rooms
        self._jobs = jobs
        self._now = now

    async def start(self, caller: Caller, wish: StartCall) -> Stored[Call]:
        """The room first: without LiveKit there is no call, and an unused room closes by itself."""
        call = Call(
            id=new_id(),
            tenant_id=caller.tenant_id,
            topic=wish.topic,
            created_by=caller.id,
            creator_name=caller.name,
            invited=list(dict.fromkeys(wish.invited)),
            created_at=self._now(),
        )
        await self._rooms.open(call.room)
        return await self._calls.save(Stored(call), "start call", call.started())

    async def admit(self, caller: Caller, call_id: str) -> TokenView:
        """Raises NotInvited or CallHasEnded."""
        call = (await self._calls.get(caller.tenant_id, call_id)).document
        call.must_admit(caller.id)
        call.must_be_open()
        return TokenView(
            url=self._rooms.url,
            token=self._rooms.token(call.room, caller.id, caller.name, TOKEN_LIVES),
            expires_at=self._now() + TOKEN_LIVES,
        )

    async def end(self, caller: Caller, call_id: str) -> Stored[Call]:
        """Safe to repeat. The record first: a room that stays a moment longer does no harm."""

        async def ended() -> Stored[Call]:
            stored = await self._calls.get(caller.tenant_id, call_id)
            stored.document.must_admit(caller.id)
            return await self._ended(stored, "end call")

        stored = await until_fresh(ended)  # webhooks of those who leave come at the same moment
        await self._rooms.close(stored.document.room)
        return stored

    async def receive(self, body: bytes, signature: str) -> None:
        """Verify and put aside for later: LiveKit waits for the answer, and gives up after 30 s.

        Raises WebhookNotSigned. An event's id is its message id, so a replay is dropped.
        """
        event = self._rooms.verified(body, signature)
        room = str(event.get("room", {}).get("name", ""))
        place = call_of_room(room)
        if place is None or "id" not in event:
            say("livekit.event_ignored", event_name=event.get("event"), room=room)
            return
        job = RecordWebhook(
            id=event["id"], tenant_id=place[0], at=self._now(), room=room, event=event
        )
        await self._jobs.put(job, session_id=room)

    async def record(self, job: RecordWebhook) -> None:
        """Safe to repeat: each connection keeps its first join and its first leave."""
        place = call_of_room(job.room)
        if place is None:
            return
        try:
            stored = await self._calls.get(*place)
        except Missing:
            say("livekit.room_unknown", room=job.room)
            return
        happening = _happening(job.event, job.at)
        call, told = stored.document.after(happening)
        if call != stored.document:
            await self._calls.save(stored.now(call), happening.event.replace("_", " "), *told)

    async def close_forgotten(self) -> None:
        """LiveKit drops webhooks after 30 s: a call whose room is gone has ended all the same."""
        there = await self._rooms.names()
        for tenant_id, call_id in await self._calls.open_since(self._now() - OPEN_FOR):
            stored = await self._calls.get(tenant_id, call_id)
            if stored.document.room not in there:
                await self._ended(stored, "end forgotten call")

    async def _ended(self, stored: Stored[Call], action: str) -> Stored[Call]:
        if stored.document.status is Status.ENDED:
            return stored
        call, told = stored.document.ended(self._now())
        return await self._calls.save(stored.now(call), action, *told)


def _happening(event: Mapping[str, Any], received_at: datetime) -> Happening:
    """From LiveKit's protojson: camelCase, whole numbers as text, empty values left out."""
    participant = event.get("participant", {})
    seconds = int(event.get("createdAt", 0))
    return Happening(
        event=str(event.get("event", "")),
        at=datetime.fromtimestamp(seconds, UTC) if seconds else received_at,
        sid=str(participant.get("sid", "")),
        user_id=str(participant.get("identity", "")),
        name=str(participant.get("name", "")),
    )
