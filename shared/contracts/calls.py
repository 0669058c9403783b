"""What calls tell the others, and the job they give themselves."""

from typing import Any, ClassVar

from shared.contracts import Event, Job


class CallStarted(Event):
    """A call is open, and these users are asked to join."""

    type: ClassVar[str] = "calls.call-started.v1"

    call_id: str
    topic: str
    created_by: str
    creator_name: str
    invited: list[str]


class CallEnded(Event):
    """A call is over; `duration_s` counts from the first who joined to the last who left."""

    type: ClassVar[str] = "calls.call-ended.v1"

    call_id: str
    topic: str
    duration_s: int
    participants: list[str]


class RecordWebhook(Job):
    """A verified LiveKit webhook, as it came."""

    type: ClassVar[str] = "calls.record-webhook.v1"
    queue: ClassVar[str] = "calls-webhooks"

    room: str
    event: dict[str, Any]
