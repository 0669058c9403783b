"""What entities are set to, once a topology has been read. Times are milliseconds, sizes bytes."""

from dataclasses import dataclass, field

from local.servicebus.rules.rule import DEFAULT, Rule

STANDARD_MESSAGE_BYTES = 256 * 1024
PREMIUM_BATCH_BYTES = 1024 * 1024  # a batch stays small where single messages may be large
DEFAULT_ENTITY_BYTES = 1024 * 1024 * 1024


@dataclass(frozen=True)
class QueueSettings:
    """A queue, or a subscription with what it takes. `forward_to` are paths of entities."""

    name: str
    lock_ms: int = 60_000
    max_delivery_count: int | None = 10
    requires_session: bool = False
    duplicate_window_ms: int = 0
    default_ttl_ms: int | None = None
    dead_letter_on_expiry: bool = False
    max_message_bytes: int = STANDARD_MESSAGE_BYTES
    max_bytes: int = DEFAULT_ENTITY_BYTES
    forward_to: str | None = None
    forward_dead_letters_to: str | None = None
    rules: tuple[Rule, ...] = (DEFAULT,)


@dataclass(frozen=True)
class TopicSettings:
    name: str
    duplicate_window_ms: int = 0
    default_ttl_ms: int | None = None
    max_message_bytes: int = STANDARD_MESSAGE_BYTES
    max_bytes: int = DEFAULT_ENTITY_BYTES
    subscriptions: tuple[QueueSettings, ...] = ()


@dataclass(frozen=True)
class Topology:
    queues: tuple[QueueSettings, ...] = field(default=())
    topics: tuple[TopicSettings, ...] = field(default=())
