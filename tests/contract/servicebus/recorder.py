"""A consumer that writes down what it gets, and a broker without a socket to feed it."""

from dataclasses import dataclass, field
from uuid import UUID

from local.servicebus.entities.held import Held
from local.servicebus.entities.namespace import Namespace
from local.servicebus.entities.sessions import Session
from local.servicebus.topology import QueueSettings, Topology
from tests.contract.servicebus.messages import message
from tests.contract.servicebus.moving import MovedClock

PLAIN = QueueSettings("q")


@dataclass(eq=False)
class Recorder:
    """Takes `credit` messages."""

    credit: int = 100
    peek_lock: bool = True
    session: Session | None = None
    got: list[Held] = field(default_factory=list)
    tokens: list[UUID] = field(default_factory=list)
    lost: bool = False

    def deliver(self, message: Held) -> None:
        self.credit -= 1
        self.got.append(message)
        if message.lock is not None:
            self.tokens.append(message.lock.token)

    def session_lost(self) -> None:
        self.lost = True

    @property
    def bodies(self) -> list[str]:
        return [message.content.body().decode() for message in self.got]


class OneQueue:
    """A namespace of a single queue `q`, its clock, and what tests do with both."""

    def __init__(self, settings: QueueSettings = PLAIN) -> None:
        self.clock = MovedClock()
        self.namespace = Namespace(Topology(queues=(settings,)), self.clock)
        self.queue = self.namespace.find_queue(settings.name)

    @property
    def dead(self) -> list[Held]:
        assert self.queue.dead_letters is not None
        return list(self.queue.dead_letters.messages.values())

    def send(self, *bodies: str, session: str | None = None, life_ms: int | None = None) -> None:
        self.send_raw(*[message(body, session=session, life_ms=life_ms) for body in bodies])

    def send_raw(self, *messages: bytes) -> list[int | None]:
        numbers = self.namespace.send(self.queue, list(messages))
        self.namespace.work()
        return numbers

    def attach(self, consumer: Recorder, session_id: str | None = None) -> Recorder:
        if self.queue.settings.requires_session:
            consumer.session = self.queue.sessions.accept(consumer, session_id)
            assert consumer.session is not None
        self.queue.attach(consumer)
        self.namespace.work()
        return consumer

    def more(self, consumer: Recorder, credit: int = 100) -> None:
        consumer.credit = credit
        self.queue.wake()
        self.namespace.work()

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.namespace.work()
