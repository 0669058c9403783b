"""What happens in rooms, as the messages that webhooks carry; knows neither keys nor HTTP."""

from collections.abc import Callable
from dataclasses import dataclass

from livekit.protocol.models import ParticipantInfo, Room, TrackInfo
from livekit.protocol.webhook import WebhookEvent

from local.livekit import ids

Notify = Callable[[WebhookEvent], None]
Now = Callable[[], float]


@dataclass(frozen=True)
class Announcer:
    """Tells `notify` of each event, with a snapshot of what it is about."""

    notify: Notify
    now: Now

    def room(self, event: str, room: Room) -> None:
        self._tell(WebhookEvent(event=event, room=room))

    def participant(self, event: str, room: Room, participant: ParticipantInfo) -> None:
        self._tell(WebhookEvent(event=event, room=room, participant=participant))

    def track(self, event: str, room: Room, participant: ParticipantInfo, track: TrackInfo) -> None:
        """The server names room and participant here by id and name alone."""
        self._tell(
            WebhookEvent(
                event=event,
                room=Room(sid=room.sid, name=room.name),
                participant=ParticipantInfo(sid=participant.sid, identity=participant.identity),
                track=track,
            )
        )

    def _tell(self, event: WebhookEvent) -> None:
        event.id = ids.new_id(ids.EVENT)
        event.created_at = int(self.now())
        self.notify(event)
