"""What callers send and see of calls."""

from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from functions.calls.domain import Call, Outcome, Status, by_user
from shared.http.fields import Id
from shared.http.paging import Paging
from shared.model import Model


class StartCall(Model):
    """Whom to call, and about what."""

    model_config = ConfigDict(extra="forbid")

    topic: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    invited: list[Id] = Field(min_length=1, max_length=50, description="User ids.")


class CallFilter(Paging):
    """Which calls to list."""

    status: Status | None = None


class ParticipantView(Model):
    """One line a user, however often they came and went."""

    user_id: str
    name: str
    joined_at: AwareDatetime | None
    left_at: AwareDatetime | None


class CallView(Model):
    """A call. `duration_s` counts from the first who joined to the last who left."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    topic: str
    status: Status
    outcome: Outcome | None
    created_by: str
    creator_name: str
    invited: list[str]
    created_at: AwareDatetime
    ended_at: AwareDatetime | None
    duration_s: int
    participants: list[ParticipantView]

    @classmethod
    def of(cls, call: Call) -> "CallView":
        people = [
            ParticipantView.model_validate(each, from_attributes=True)
            for each in by_user(call.participants)
        ]
        facts = {name: getattr(call, name) for name in cls.model_fields if name != "participants"}
        return cls(**facts, participants=people)


class TokenView(Model):
    """What a LiveKit client needs to join, for the next five minutes."""

    url: str
    token: str
    expires_at: AwareDatetime
