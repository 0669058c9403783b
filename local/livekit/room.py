"""One room and who is in it: coming, leaving, tracks and data; knows neither keys nor HTTP."""

import base64
import secrets
from collections import deque
from dataclasses import dataclass, field

from livekit.protocol.models import (
    Codec,
    ParticipantInfo,
    Room,
    TrackInfo,
)
from livekit.protocol.room import CreateRoomRequest, SendDataRequest, UpdateParticipantRequest

from local.livekit import ids
from local.livekit.events import Announcer
from local.livekit.refusals import JoinRefused, Refusal

DEFAULT_EMPTY_TIMEOUT_S = 300
DEFAULT_DEPARTURE_TIMEOUT_S = 20
KEPT_PACKETS = 1000
AUDIO_CODECS = ("PCMU", "PCMA", "opus", "red")
VIDEO_CODECS = ("VP8", "H264", "VP9", "AV1", "H265", "rtx")
CODECS = [f"audio/{name}" for name in AUDIO_CODECS] + [f"video/{name}" for name in VIDEO_CODECS]
VIDEO_SOURCES = frozenset({"CAMERA", "SCREEN_SHARE"})


@dataclass(frozen=True)
class Packet:
    """Data that a server call sent into the room, and who got it."""

    payload_base64: str
    kind: str
    topic: str
    received_by: list[str]


def new_room_info(name: str, now_s: float) -> Room:
    return Room(
        sid=ids.new_id(ids.ROOM),
        name=name,
        creation_time=int(now_s),
        creation_time_ms=int(now_s * 1000),
        empty_timeout=DEFAULT_EMPTY_TIMEOUT_S,
        departure_timeout=DEFAULT_DEPARTURE_TIMEOUT_S,
        turn_password=secrets.token_urlsafe(32),
        enabled_codecs=[Codec(mime=mime) for mime in CODECS],
    )


@dataclass
class LiveRoom:
    """`participants` by identity: there is at most one connection of each."""

    info: Room
    announce: Announcer
    participants: dict[str, ParticipantInfo] = field(default_factory=dict)
    packets: deque[Packet] = field(default_factory=lambda: deque(maxlen=KEPT_PACKETS))
    last_left_s: float | None = None

    def configure(self, request: CreateRoomRequest) -> None:
        """What the request leaves out keeps its default."""
        for name in ("empty_timeout", "departure_timeout", "max_participants", "metadata"):
            if value := getattr(request, name):
                setattr(self.info, name, value)

    def join(self, participant: ParticipantInfo) -> ParticipantInfo:
        """A second connection of one identity puts out the first. Raises JoinRefused."""
        identity = participant.identity
        others = sum(1 for one in self.participants if one != identity)
        if 0 < self.info.max_participants <= others:
            raise JoinRefused(500, "room has exceeded its max participants")
        if identity in self.participants:
            self.leave(identity, "DUPLICATE_IDENTITY")
        now_s = self.announce.now()
        participant.sid = ids.new_id(ids.PARTICIPANT)
        participant.state = ParticipantInfo.ACTIVE
        participant.joined_at, participant.joined_at_ms = int(now_s), int(now_s * 1000)
        participant.version = 1
        self.participants[identity] = participant
        self._count()
        self.announce.participant("participant_joined", self.info, participant)
        return participant

    def leave(self, identity: str, reason: str) -> ParticipantInfo:
        """`reason` names a DisconnectReason. Raises KeyError for somebody who is not here."""
        participant = self.participants[identity]
        for track in list(participant.tracks):
            self.unpublish(identity, track.sid)
        del self.participants[identity]
        participant.MergeFrom(ParticipantInfo(state="DISCONNECTED", disconnect_reason=reason))
        participant.version += 1
        self.last_left_s = self.announce.now()
        self._count()
        self.announce.participant("participant_left", self.info, participant)
        return participant

    def publish(self, identity: str, source: str, name: str) -> TrackInfo:
        """`source` names a TrackSource. Raises KeyError for nobody, Refusal if not permitted."""
        participant = self.participants[identity]
        track = TrackInfo(
            sid=ids.new_id(ids.TRACK),
            name=name,
            source=source,
            type="VIDEO" if source in VIDEO_SOURCES else "AUDIO",
            mime_type="video/VP8" if source in VIDEO_SOURCES else "audio/red",
        )
        if not _may_publish(participant, track):
            raise Refusal("failed_precondition", "participant may not publish this source")
        participant.tracks.append(track)
        self._publishing_changed(participant)
        self.announce.track("track_published", self.info, participant, track)
        return track

    def unpublish(self, identity: str, track_sid: str) -> None:
        """Raises KeyError for somebody, or a track, that is not here."""
        participant = self.participants[identity]
        at = [track.sid for track in participant.tracks]
        if track_sid not in at:
            raise KeyError(track_sid)
        track = participant.tracks.pop(at.index(track_sid))
        self._publishing_changed(participant)
        self.announce.track("track_unpublished", self.info, participant, track)

    def mute(self, identity: str, track_sid: str) -> TrackInfo | None:
        """The muted track; None where there is no such track, which the server lets pass."""
        participant = self.participants[identity]
        for track in participant.tracks:
            if track.sid == track_sid:
                track.muted = True
                participant.version += 1
                return track
        return None

    def update(self, request: UpdateParticipantRequest) -> ParticipantInfo:
        """An empty attribute is removed; a permission replaces all, and what it forbids ends."""
        participant = self.participants[request.identity]
        participant.name = request.name or participant.name
        participant.metadata = request.metadata or participant.metadata
        for key, value in request.attributes.items():
            if value:
                participant.attributes[key] = value
            else:
                participant.attributes.pop(key, None)
        if request.HasField("permission"):
            participant.permission.CopyFrom(request.permission)
            for track in list(participant.tracks):
                if not _may_publish(participant, track):
                    self.unpublish(request.identity, track.sid)
        participant.version += 1
        return participant

    def receive(self, request: SendDataRequest) -> None:
        """Everybody gets a packet that names nobody."""
        named = {*request.destination_identities, *request.destination_sids}
        present = self.participants.values()
        got = [p.identity for p in present if not named or named & {p.identity, p.sid}]
        self.packets.append(
            Packet(
                payload_base64=base64.b64encode(request.data).decode(),
                kind="LOSSY" if request.kind else "RELIABLE",
                topic=request.topic,
                received_by=got,
            )
        )

    def idle_since(self) -> tuple[float, int]:
        """When it became empty, and the seconds it may stay so."""
        if self.last_left_s is None:
            return float(self.info.creation_time), self.info.empty_timeout
        return self.last_left_s, self.info.departure_timeout

    def _publishing_changed(self, participant: ParticipantInfo) -> None:
        participant.is_publisher = bool(participant.tracks)
        participant.version += 1
        self._count()

    def _count(self) -> None:
        self.info.num_participants = len(self.participants)
        self.info.num_publishers = sum(1 for p in self.participants.values() if p.is_publisher)


def _may_publish(participant: ParticipantInfo, track: TrackInfo) -> bool:
    permission = participant.permission
    allowed = permission.can_publish_sources
    return permission.can_publish and (not allowed or track.source in allowed)
