"""All rooms of this server: made once per name, listed, deleted, and closed when long empty."""

from dataclasses import dataclass, field

from livekit.protocol.models import ParticipantInfo
from livekit.protocol.room import CreateRoomRequest

from local.livekit.events import Announcer
from local.livekit.refusals import JoinRefused, refused_inside, room_not_found
from local.livekit.room import LiveRoom, new_room_info
from local.livekit.tokens import Grants

LONGEST_NAME = 256


@dataclass
class Rooms:
    """By name. One event loop owns it: nothing here waits."""

    announce: Announcer
    by_name: dict[str, LiveRoom] = field(default_factory=dict)

    def create(self, request: CreateRoomRequest) -> LiveRoom:
        """The same name gives the same room, unchanged, and `room_started` once. Raises Refusal."""
        if len(request.name) > LONGEST_NAME:
            raise refused_inside(
                "invalid_argument", f"room name length exceeds limits: max length {LONGEST_NAME}"
            )
        if request.room_preset:
            raise refused_inside(
                "invalid_argument", "unknown room configuration in create room request"
            )
        if request.name in self.by_name:
            return self.by_name[request.name]
        room = LiveRoom(new_room_info(request.name, self.announce.now()), self.announce)
        room.configure(request)
        self.by_name[request.name] = room
        self.announce.room("room_started", room.info)
        return room

    def get(self, name: str) -> LiveRoom:
        """Raises Refusal."""
        if name not in self.by_name:
            raise room_not_found()
        return self.by_name[name]

    def named(self, names: list[str]) -> list[LiveRoom]:
        return [room for name, room in self.by_name.items() if not names or name in names]

    def join(self, grants: Grants) -> tuple[LiveRoom, ParticipantInfo]:
        """Makes the room when it is not there. Raises JoinRefused, TokenRefused, Refusal."""
        check_join(grants)
        participant, wanted = grants.participant(), grants.room_configuration()
        room = self.create(
            CreateRoomRequest(
                name=grants.room,
                empty_timeout=wanted.empty_timeout,
                departure_timeout=wanted.departure_timeout,
                max_participants=wanted.max_participants,
                metadata=wanted.metadata,
            )
        )
        return room, room.join(participant)

    def delete(self, name: str) -> None:
        """Everybody is put out first. Raises Refusal."""
        self.get(name)
        self._close(name, "ROOM_DELETED")

    def close_idle(self) -> list[str]:
        """Closes what has been empty for longer than it may, and says which rooms those were."""
        now_s = self.announce.now()
        idle = []
        for name, room in self.by_name.items():
            since_s, allowed_s = room.idle_since()
            if not room.participants and now_s - since_s >= allowed_s:
                idle.append(name)
        for name in idle:
            self._close(name, "ROOM_CLOSED")
        return idle

    def _close(self, name: str, reason: str) -> None:
        room = self.by_name[name]
        for identity in list(room.participants):
            room.leave(identity, reason)
        del self.by_name[name]
        self.announce.room("room_finished", room.info)


def check_join(grants: Grants) -> None:
    """What the signalling endpoint checks before it lets anybody in. Raises JoinRefused."""
    if not grants.claims:
        raise JoinRefused(401, "no permissions to access the room")
    if not grants.may("roomJoin"):
        raise JoinRefused(401, "permissions denied")
    if not grants.identity:
        raise JoinRefused(400, "identity cannot be empty")
    if len(grants.identity) > LONGEST_NAME:
        raise JoinRefused(
            400, f"participant identity length exceeds limits: max length {LONGEST_NAME}"
        )
    if not grants.room:
        raise JoinRefused(400, "no room name")
    if len(grants.room) > LONGEST_NAME:
        raise JoinRefused(400, f"room name length exceeds limits: max length {LONGEST_NAME}")
