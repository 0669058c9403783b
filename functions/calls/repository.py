"""Calls in Cosmos DB, rooms on LiveKit, webhooks on their queue."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from functions.calls.domain import Call, Status, WebhookNotSigned
from shared.contracts.calls import RecordWebhook
from shared.errors import Unavailable
from shared.messaging.relay import message_of
from shared.records.batch import outbox_item
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored
from shared.telemetry import scope

if TYPE_CHECKING:
    from azure.servicebus import ServiceBusMessage
    from livekit.api import LiveKitAPI

OPEN_CALLS = (
    "SELECT c.tenant_id, c.id FROM c "
    "WHERE c.kind = 'Call' AND c.status = 'open' AND c.created_at < @before"
)
EMPTY_FOR_S = 300
GONE_FOR_S = 20


class CosmosCalls(CosmosDocuments[Call]):
    """Each call in a partition of its own."""

    async def listed(
        self, tenant_id: str, user_id: str, status: Status | None, after: str | None, limit: int
    ) -> list[Stored[Call]]:
        """Those that a user started or was invited to."""
        condition = "(c.created_by = @user OR ARRAY_CONTAINS(c.invited, @user))"
        values: dict[str, object] = {"@user": user_id}
        if status is not None:
            condition += " AND c.status = @status"
            values["@status"] = status
        return await self.where(tenant_id, condition, values, after=after, limit=limit)

    async def open_since(self, before: datetime) -> list[tuple[str, str]]:
        """The one question across tenants: where to look, and nothing of what is there."""
        moment = before.isoformat().replace("+00:00", "Z")
        found = self._container.query_items(
            OPEN_CALLS, parameters=[{"name": "@before", "value": moment}]
        )
        return [(item["tenant_id"], item["id"]) async for item in found]


class Sends(Protocol):
    """What puts a message on a queue."""

    async def send_messages(self, messages: "ServiceBusMessage") -> None: ...


class WebhookQueue:
    """Straight to Service Bus: a webhook belongs to no document whose outbox could carry it."""

    def __init__(self, sender: Callable[[str], Awaitable[Sends]]) -> None:
        self._sender = sender

    async def put(self, job: RecordWebhook, session_id: str) -> None:
        item = outbox_item(job, session_id, scope.current())
        await (await self._sender(job.queue)).send_messages(message_of(item))


class LiveKitRooms:
    """The LiveKit server, by its own client."""

    def __init__(self, url: str, key: str, secret: str) -> None:
        self.url = url
        self._key = key
        self._secret = secret

    async def open(self, room: str) -> None:
        """Safe to repeat: rooms are known by name. Raises Unavailable for another room's answer."""
        from livekit.api import CreateRoomRequest

        async with self._api() as api:
            opened = await api.room.create_room(
                CreateRoomRequest(
                    name=room, empty_timeout=EMPTY_FOR_S, departure_timeout=GONE_FOR_S
                )
            )
        if opened.name != room:
            raise Unavailable("LiveKit answered about another room.")

    async def close(self, room: str) -> None:
        """Safe to repeat: a room that is gone is closed."""
        from livekit.api import DeleteRoomRequest, ServerError

        async with self._api() as api:
            try:
                await api.room.delete_room(DeleteRoomRequest(room=room))
            except ServerError as error:
                if error.code != "not_found":
                    raise

    async def names(self) -> set[str]:
        from livekit.api import ListRoomsRequest

        async with self._api() as api:
            listed = await api.room.list_rooms(ListRoomsRequest())
        return {room.name for room in listed.rooms}

    def token(self, room: str, user_id: str, name: str, lifetime: timedelta) -> str:
        """For this room and this user alone; every grant is said, since most default to true."""
        from livekit.api import AccessToken, VideoGrants

        grants = VideoGrants(
            room_join=True,
            room=room,
            can_publish=True,
            can_subscribe=True,
            can_publish_data=True,
            can_update_own_metadata=False,
            room_create=False,
            room_list=False,
            room_admin=False,
            room_record=False,
            ingress_admin=False,
            hidden=False,
            recorder=False,
        )
        token = AccessToken(self._key, self._secret).with_identity(user_id).with_name(name)
        return token.with_grants(grants).with_ttl(lifetime).to_jwt()

    def verified(self, body: bytes, signature: str) -> dict[str, Any]:
        """Raises WebhookNotSigned: the library's own refusals are of a dozen kinds."""
        from livekit.api import TokenVerifier, WebhookReceiver

        try:
            text = body.decode()
            WebhookReceiver(TokenVerifier(self._key, self._secret)).receive(text, signature)
            event: dict[str, Any] = json.loads(text)
        except Exception as error:
            raise WebhookNotSigned("The webhook's signature does not hold.") from error
        return event

    def _api(self) -> "LiveKitAPI":
        from livekit.api import LiveKitAPI

        return LiveKitAPI(self.url, self._key, self._secret)
