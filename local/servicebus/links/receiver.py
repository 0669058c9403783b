"""A link that consumes a queue, a subscription or a dead-letter queue."""

from collections.abc import Callable

from local.servicebus.codec.fields import Fields
from local.servicebus.codec.types import Described
from local.servicebus.entities.held import Held
from local.servicebus.entities.locks import new_token
from local.servicebus.entities.mishaps import COMPLETE, SETTLE
from local.servicebus.entities.queue import Queue
from local.servicebus.entities.sessions import Session
from local.servicebus.faults import Fault, session_lock_lost
from local.servicebus.links.link import Channel
from local.servicebus.links.outgoing import OutgoingLink
from local.servicebus.performatives import Outcome, outcome, rejected


class EntityReceiver(OutgoingLink):
    """An entity's consumer. `session` is set before it is attached to one that requires it."""

    def __init__(
        self, channel: Channel, name: str, handle: int, queue: Queue, *, peek_lock: bool
    ) -> None:
        super().__init__(channel, name, handle, queue.path)
        self.queue = queue
        self.peek_lock = peek_lock
        self.session: Session | None = None
        self.stop_waiting: Callable[[], None] = lambda: None
        self.unsettled: dict[int, bytes] = {}

    @property
    def credit(self) -> int:
        return 0 if self.closed else min(self.link_credit, self.channel.outgoing_room)

    def work(self) -> None:
        self.queue.wake()
        if self.drain:  # whatever there is goes out before the rest of the credit lapses
            self.channel.namespace.work()

    def deliver(self, message: Held) -> None:
        # Clients read the lock token out of the tag, as the bytes of a little-endian GUID.
        token = message.lock.token if message.lock else new_token()
        delivery_id = self.channel.transfer(
            self, message.as_delivered(), token, settled=not self.peek_lock
        )
        self.delivered()
        if self.peek_lock:
            self.unsettled[delivery_id] = token

    def settle(self, delivery_id: int, state: Described | None) -> Described:
        """Do what the client decided. The outcome to answer with: its own, or why not."""
        token = self.unsettled.pop(delivery_id)
        try:
            message = self.queue.locks.find(token)
        except Fault as fault:
            return rejected(fault)
        if state is None or not isinstance(state.descriptor, int):
            self.queue.give_back(message, counted=False)
            return outcome(Outcome.RELEASED)
        mishap = self._mishap(message, state.descriptor)
        if mishap is not None:
            return mishap
        self._decide(message, state.descriptor, Fields(state.value))
        if state.descriptor == Outcome.REJECTED:
            return outcome(Outcome.REJECTED)  # with an error it would tell of a failure
        return state

    def _mishap(self, message: Held, decision: int) -> Described | None:
        """The answer to a settlement that goes wrong; None: it is to be done as it was asked."""
        completes = decision == Outcome.ACCEPTED
        fault = self.queue.mishaps.next("settle", COMPLETE if completes else SETTLE)
        if fault == "disconnect":
            self.channel.drop()
        elif fault == "lock-lost":
            return rejected(self.queue.lose_lock(message))
        elif fault == "duplicate" and self.queue.complete_in_vain(message):
            return outcome(Outcome.ACCEPTED)
        return None

    def _decide(self, message: Held, decision: int, fields: Fields) -> None:
        if decision == Outcome.ACCEPTED:
            self.queue.remove(message)
        elif decision == Outcome.REJECTED:
            self.queue.bury(message, *_reason(fields.composite(0)))
        elif decision == Outcome.MODIFIED and fields.flag(1):
            self.queue.defer(message)
        else:
            self.queue.give_back(message, counted=decision == Outcome.MODIFIED)

    def drop(self) -> None:
        self.channel.drop()

    def session_lost(self) -> None:
        lost = self.session.id if self.session else ""
        self.channel.detach(self, session_lock_lost(lost))

    def detached(self, *, died: bool) -> None:
        self.stop_waiting()
        self.queue.detach(self, died=died)


def _reason(error: Fields) -> tuple[str | None, str | None]:
    """Reason and description of a dead-lettering, which ride in the error's info map."""
    info = error.mapping(2)
    return (
        _text(info.get("DeadLetterReason")),
        _text(info.get("DeadLetterErrorDescription")) or error.text(1),
    )


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else None
