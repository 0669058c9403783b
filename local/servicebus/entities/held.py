"""A message that an entity holds, and the lock under which a consumer has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from local.servicebus.codec.types import Int, Timestamp
from local.servicebus.entities.consumer import Consumer
from local.servicebus.message import Content

EXPIRED = ("TTLExpiredException", "The message expired and was dead lettered.")
NO_SESSION = (
    "Session ID is null",
    "Session enabled entity doesn't allow a message whose session identifier is null.",
)


class State(IntEnum):
    """The values of x-opt-message-state."""

    ACTIVE = 0
    DEFERRED = 1
    SCHEDULED = 2


@dataclass(eq=False, slots=True)
class Lock:
    """A peek-lock. It outlives its holder's link: the token, 16 bytes, still settles."""

    token: bytes
    until_ms: int
    holder: Consumer | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Why and from where a message came to a dead-letter queue."""

    source: str
    reason: str | None
    description: str | None


@dataclass(eq=False, slots=True)
class Held:
    """Times are milliseconds since the epoch. `number` is the sequence number."""

    content: Content
    number: int
    enqueued_number: int
    entity: str
    enqueued_ms: int
    state: State = State.ACTIVE
    scheduled_ms: int | None = None
    time_to_live_ms: int | None = None
    expires_ms: int | None = None
    delivery_count: int = 0
    dead: DeadLetter | None = None
    hops: int = 0
    lock: Lock | None = field(default=None, repr=False)

    @property
    def session_id(self) -> str | None:
        return self.content.session_id

    @property
    def size(self) -> int:
        return len(self.content.raw)

    def reasons(self) -> Mapping[str, str]:
        """The application properties in which a receiver finds why the message is dead."""
        if self.dead is None:
            return {}
        named = {
            "DeadLetterReason": self.dead.reason,
            "DeadLetterErrorDescription": self.dead.description,
        }
        return {name: text for name, text in named.items() if text}

    def as_forwarded(self) -> Content:
        """With what is known of its death, for another entity."""
        if self.dead is None:
            return self.content
        return Content(
            self.content.as_delivered(
                delivery_count=0,
                time_to_live_ms=self.content.time_to_live_ms,
                annotations={"x-opt-deadletter-source": self.dead.source},
                added=self.reasons(),
            )
        )

    def as_delivered(self) -> bytes:
        annotations: dict[str, object] = {
            "x-opt-sequence-number": self.number,
            "x-opt-enqueue-sequence-number": self.enqueued_number,
            "x-opt-enqueued-time": Timestamp(self.enqueued_ms),
            "x-opt-message-state": Int(self.state),
        }
        if self.lock is not None:
            annotations["x-opt-locked-until"] = Timestamp(self.lock.until_ms)
        if self.dead is not None:
            annotations["x-opt-deadletter-source"] = self.dead.source
        return self.content.as_delivered(
            delivery_count=self.delivery_count,
            time_to_live_ms=self.time_to_live_ms,
            annotations=annotations,
            added=self.reasons(),
        )
