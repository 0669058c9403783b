"""A consumer that writes down what it gets, and a broker without a socket to feed it."""

from dataclasses import dataclass, field

from local.faults.plan import NONE, Faults
from local.servicebus.entities.held import Held
from local.servicebus.entities.namespace import Namespace
from local.servicebus.entities.sessions import Session
from local.servicebus.settings import QueueSettings, Topology
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
    tokens: list[bytes] = field(default_factory=list)
    lost: bool = False
    dropped: bool = False

    def deliver(self, message: Held) -> None:
        self.credit -= 1
        self.got.append(message)
        if message.lock is not None:
            self.tokens.append(message.lock.token)

    def session_lost(self) -> None:
        self.lost = True

    def drop(self) -> None:
        self.dropped = True

    @property
    def bodies(self) -> list[str]:
        return [message.content.body().decode() for message in self.got]


class Broker:
    """A namespace with a clock of its own, and what tests do with both."""

    def __init__(self, topology: Topology, faults: Faults = NONE) -> None:
        self.clock = MovedClock()
        self.namespace = Namespace(topology, self.clock, faults=faults)

    def send_to(self, path: str, *messages: bytes) -> list[int | None]:
        numbers = self.namespace.send(self.namespace.find(path), list(messages))
        self.namespace.work()
        return numbers

    def consume(self, path: str, consumer: Recorder) -> Recorder:
        self.namespace.find_queue(path).attach(consumer)
        self.namespace.work()
        return consumer

    def held(self, path: str) -> list[Held]:
        return list(self.namespace.find_queue(path).messages.values())

    def bodies(self, path: str) -> list[str]:
        return [message.content.body().decode() for message in self.held(path)]

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.namespace.work()


class OneQueue(Broker):
    """A namespace of a single queue `q`."""

    def __init__(self, settings: QueueSettings = PLAIN) -> None:
        super().__init__(Topology(queues=(settings,)))
        self.queue = self.namespace.find_queue(settings.name)

    @property
    def dead(self) -> list[Held]:
        assert self.queue.dead_letters is not None
        return list(self.queue.dead_letters.messages.values())

    def send(self, *bodies: str, session: str | None = None, life_ms: int | None = None) -> None:
        self.send_raw(*[message(body, session=session, life_ms=life_ms) for body in bodies])

    def send_raw(self, *messages: bytes) -> list[int | None]:
        return self.send_to(self.queue.path, *messages)

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
