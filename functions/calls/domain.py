"""What a call is and may become, fed by LiveKit's webhooks in whatever order they come. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, ConfigDict

from shared.contracts.calls import CallEnded, CallStarted
from shared.errors import Conflict, Forbidden, Unauthenticated
from shared.model import Model
from shared.records.document import Document

SEPARATOR = "~"
JOINED, LEFT, FINISHED = "participant_joined", "participant_left", "room_finished"
ABORTED = "participant_connection_aborted"


class CallHasEnded(Conflict):
    """Nobody can join any more."""

    code = "call-ended"


class NotInvited(Forbidden):
    """Only who started the call and who was invited may join or end it."""

    code = "not-invited"


class WebhookNotSigned(Unauthenticated):
    """The webhook is not from our LiveKit server, or was altered, or is too old."""

    code = "webhook-not-signed"


class Status(StrEnum):
    """Open until somebody ends it, or LiveKit says that the room is gone."""

    OPEN = "open"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a call ended: `missed` when fewer than two were ever there."""

    COMPLETED = "completed"
    MISSED = "missed"


class Participation(Model):
    """One connection of one user. `sid` is LiveKit's name of it: who comes back has another."""

    model_config = ConfigDict(frozen=True)

    sid: str
    user_id: str
    name: str
    joined_at: AwareDatetime | None = None
    left_at: AwareDatetime | None = None


class Happening(Model):
    """What a webhook says, as far as calls care."""

    model_config = ConfigDict(frozen=True)

    event: str
    at: AwareDatetime
    sid: str = ""
    user_id: str = ""
    name: str = ""


class Call(Document):
    """A conversation in a LiveKit room."""

    topic: str
    created_by: str
    creator_name: str
    invited: list[str]
    status: Status = Status.OPEN
    created_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    participants: list[Participation] = []  # noqa: RUF012 - pydantic copies it for each call

    @property
    def room(self) -> str:
        """The room's name on LiveKit: webhooks know nothing else of us."""
        return f"{self.tenant_id}{SEPARATOR}{self.id}"

    @property
    def outcome(self) -> Outcome | None:
        if self.status is Status.OPEN:
            return None
        there = {each.user_id for each in self.participants}
        return Outcome.COMPLETED if len(there) > 1 else Outcome.MISSED

    @property
    def duration_s(self) -> int:
        """Whole seconds from the first who joined to the last who left, or to the end."""
        began = [each.joined_at for each in self.participants if each.joined_at]
        ended = [each.left_at for each in self.participants if each.left_at]
        if not began or not ended:
            return 0
        return max(0, int((max(ended) - min(began)).total_seconds()))

    def must_admit(self, user_id: str) -> None:
        """Raises NotInvited."""
        if user_id != self.created_by and user_id not in self.invited:
            raise NotInvited("Only who was invited may take part in this call.")

    def must_be_open(self) -> None:
        """Raises CallHasEnded."""
        if self.status is Status.ENDED:
            raise CallHasEnded("The call has ended.")

    def started(self) -> CallStarted:
        return CallStarted(
            tenant_id=self.tenant_id,
            at=self.created_at,
            call_id=self.id,
            topic=self.topic,
            created_by=self.created_by,
            creator_name=self.creator_name,
            invited=self.invited,
        )

    def after(self, happening: Happening) -> tuple["Call", list[CallEnded]]:
        """Takes joins and leaves in any order, and twice; a finished room ends the call once."""
        if happening.event == FINISHED:
            return self.ended(happening.at)
        if happening.event == JOINED:
            return self._with(happening, joined_at=happening.at), []
        if happening.event in {LEFT, ABORTED}:
            return self._with(happening, left_at=happening.at), []
        return self, []

    def ended(self, at: datetime) -> tuple["Call", list[CallEnded]]:
        """Whoever is still there leaves with it."""
        if self.status is Status.ENDED:
            return self, []
        gone = [
            each if each.left_at else each.model_copy(update={"left_at": at})
            for each in self.participants
        ]
        call = self.model_copy(
            update={"status": Status.ENDED, "ended_at": at, "participants": gone}
        )
        return call, [call.told(at)]

    def _with(self, happening: Happening, **seen: datetime) -> "Call":
        """A connection's first join and first leave; what comes again changes nothing."""
        known = {each.sid: each for each in self.participants}
        this = known.get(happening.sid) or Participation(
            sid=happening.sid, user_id=happening.user_id, name=happening.name
        )
        news = {field: at for field, at in seen.items() if getattr(this, field) is None}
        known[happening.sid] = this.model_copy(update=news)
        return self.model_copy(update={"participants": list(known.values())})

    def told(self, at: datetime) -> CallEnded:
        return CallEnded(
            tenant_id=self.tenant_id,
            at=at,
            call_id=self.id,
            topic=self.topic,
            duration_s=self.duration_s,
            participants=sorted({each.user_id for each in self.participants}),
        )


def call_of_room(room: str) -> tuple[str, str] | None:
    """(tenant_id, call_id), or nothing for a room that is none of ours."""
    tenant_id, separator, call_id = room.partition(SEPARATOR)
    return (tenant_id, call_id) if separator and tenant_id and call_id else None


def by_user(participants: Sequence[Participation]) -> list[Participation]:
    """One line a user: from the first join to the last leave."""
    merged: dict[str, Participation] = {}
    for each in participants:
        known = merged.get(each.user_id)
        merged[each.user_id] = _spanning(known, each) if known else each
    return list(merged.values())


def _spanning(one: Participation, other: Participation) -> Participation:
    joined = [at for at in (one.joined_at, other.joined_at) if at]
    left = [at for at in (one.left_at, other.left_at) if at]
    everybody_left = one.left_at and other.left_at
    return one.model_copy(
        update={
            "joined_at": min(joined, default=None),
            "left_at": max(left) if everybody_left else None,
        }
    )
