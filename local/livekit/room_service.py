"""`livekit.RoomService`: each call's request, the grant it needs, and what it does to the rooms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from livekit.protocol.models import ParticipantInfo, Room
from livekit.protocol.room import (
    CreateRoomRequest,
    DeleteRoomRequest,
    DeleteRoomResponse,
    ForwardParticipantRequest,
    ListParticipantsRequest,
    ListParticipantsResponse,
    ListRoomsRequest,
    ListRoomsResponse,
    MoveParticipantRequest,
    MuteRoomTrackRequest,
    MuteRoomTrackResponse,
    RemoveParticipantResponse,
    RoomParticipantIdentity,
    SendDataRequest,
    SendDataResponse,
    UpdateParticipantRequest,
    UpdateRoomMetadataRequest,
    UpdateSubscriptionsRequest,
    UpdateSubscriptionsResponse,
)

from local.livekit.refusals import (
    Refusal,
    nobody_answers,
    over_limit,
    participant_not_found,
    permission_denied,
    refused_inside,
)
from local.livekit.room import LiveRoom
from local.livekit.rooms import Rooms
from local.livekit.tokens import Grants

MAX_METADATA = 512 * 1024
MAX_ATTRIBUTES = 64 * 1024
MAX_NAME = 256
NONCE_BYTES = 16


@dataclass(frozen=True)
class Call:
    """One method of the service: `handle` takes the request once `permit` let the caller pass."""

    request: type[Message]
    permit: Callable[[Grants, Any], bool]
    handle: Callable[[Rooms, Any], Message]

    def __call__(self, rooms: Rooms, grants: Grants, request: Message) -> Message:
        """Raises Refusal."""
        if not self.permit(grants, request):
            raise permission_denied()
        return self.handle(rooms, request)


def _creates(grants: Grants, _: Any) -> bool:
    return grants.may("roomCreate")


def _lists(grants: Grants, _: Any) -> bool:
    return grants.may("roomList")


def _administers(grants: Grants, request: Any) -> bool:
    return grants.administers(request.room)


def _moves(grants: Grants, request: Any) -> bool:
    destination = grants.video.get("destinationRoom", "")
    return grants.administers(request.room) and bool(destination == request.destination_room)


def create_room(rooms: Rooms, request: CreateRoomRequest) -> Room:
    """`egress` and `agents` are taken and do nothing, as on a server that has neither."""
    _check_metadata(request.metadata)
    return rooms.create(request).info


def list_rooms(rooms: Rooms, request: ListRoomsRequest) -> ListRoomsResponse:
    return ListRoomsResponse(rooms=[room.info for room in rooms.named(list(request.names))])


def delete_room(rooms: Rooms, request: DeleteRoomRequest) -> DeleteRoomResponse:
    rooms.delete(request.room)
    return DeleteRoomResponse()


def update_room_metadata(rooms: Rooms, request: UpdateRoomMetadataRequest) -> Room:
    _check_metadata(request.metadata)
    room = rooms.get(request.room)
    room.info.metadata = request.metadata
    return room.info


def list_participants(rooms: Rooms, request: ListParticipantsRequest) -> ListParticipantsResponse:
    """Of a room that is not there: nobody, and no refusal."""
    room = rooms.by_name.get(request.room)
    return ListParticipantsResponse(participants=room.participants.values() if room else [])


def get_participant(rooms: Rooms, request: RoomParticipantIdentity) -> ParticipantInfo:
    return _present(rooms, request, participant_not_found()).participants[request.identity]


def remove_participant(rooms: Rooms, request: RoomParticipantIdentity) -> RemoveParticipantResponse:
    room = _present(rooms, request, participant_not_found())
    room.leave(request.identity, "PARTICIPANT_REMOVED")
    return RemoveParticipantResponse()


def mute_published_track(rooms: Rooms, request: MuteRoomTrackRequest) -> MuteRoomTrackResponse:
    """Only the participant may unmute: the server's `enable_remote_unmute` is off by default."""
    room = _present(rooms, request, nobody_answers())
    if not request.muted:
        raise refused_inside("failed_precondition", "remote unmute not enabled")
    return MuteRoomTrackResponse(track=room.mute(request.identity, request.track_sid))


def update_participant(rooms: Rooms, request: UpdateParticipantRequest) -> ParticipantInfo:
    if len(request.name) > MAX_NAME:
        raise over_limit("name length", MAX_NAME)
    _check_metadata(request.metadata)
    size = sum(len(key) + len(value) for key, value in request.attributes.items())
    if size > MAX_ATTRIBUTES:
        raise over_limit("attribute size", MAX_ATTRIBUTES)
    return _present(rooms, request, participant_not_found()).update(request)


def update_subscriptions(
    rooms: Rooms, request: UpdateSubscriptionsRequest
) -> UpdateSubscriptionsResponse:
    """There is no media to subscribe to, so that being present is all there is to check."""
    _present(rooms, request, nobody_answers())
    return UpdateSubscriptionsResponse()


def send_data(rooms: Rooms, request: SendDataRequest) -> SendDataResponse:
    if len(request.nonce) not in {0, NONCE_BYTES}:
        reason = f"nonce should be 16-bytes or not present, got: {len(request.nonce)} bytes"
        raise Refusal("invalid_argument", reason)
    if request.room not in rooms.by_name:
        raise nobody_answers()
    rooms.by_name[request.room].receive(request)
    return SendDataResponse()


def forward_or_move(
    rooms: Rooms, request: ForwardParticipantRequest | MoveParticipantRequest
) -> Message:
    """LiveKit Cloud alone can do it; the open server refuses once it found the participant."""
    if request.room == request.destination_room:
        reason = "destination room cannot be the same as source room"
        raise Refusal("invalid_argument", f"{reason} ", {"argument": reason})
    _present(rooms, request, nobody_answers())
    raise refused_inside("unknown", "not implemented")


CALLS: dict[str, Call] = {
    "CreateRoom": Call(CreateRoomRequest, _creates, create_room),
    "ListRooms": Call(ListRoomsRequest, _lists, list_rooms),
    "DeleteRoom": Call(DeleteRoomRequest, _creates, delete_room),
    "UpdateRoomMetadata": Call(UpdateRoomMetadataRequest, _administers, update_room_metadata),
    "ListParticipants": Call(ListParticipantsRequest, _administers, list_participants),
    "GetParticipant": Call(RoomParticipantIdentity, _administers, get_participant),
    "RemoveParticipant": Call(RoomParticipantIdentity, _administers, remove_participant),
    "MutePublishedTrack": Call(MuteRoomTrackRequest, _administers, mute_published_track),
    "UpdateParticipant": Call(UpdateParticipantRequest, _administers, update_participant),
    "UpdateSubscriptions": Call(UpdateSubscriptionsRequest, _administers, update_subscriptions),
    "SendData": Call(SendDataRequest, _administers, send_data),
    "ForwardParticipant": Call(ForwardParticipantRequest, _moves, forward_or_move),
    "MoveParticipant": Call(MoveParticipantRequest, _moves, forward_or_move),
}


def _present(rooms: Rooms, request: Any, otherwise: Refusal) -> LiveRoom:
    room = rooms.by_name.get(request.room)
    if room is None or request.identity not in room.participants:
        raise otherwise
    return room


def _check_metadata(metadata: str) -> None:
    if len(metadata) > MAX_METADATA:
        raise over_limit("metadata size", MAX_METADATA)
