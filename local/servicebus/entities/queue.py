"""A queue, a subscription, or the dead-letter queue of either: what it holds and hands out."""

from local.servicebus.entities.consumer import Consumer
from local.servicebus.entities.held import NO_SESSION, Held, State
from local.servicebus.entities.line import Line
from local.servicebus.entities.machinery import Machinery
from local.servicebus.entities.mishaps import Mishaps
from local.servicebus.entities.sessions import Session, Sessions
from local.servicebus.entities.stock import Stock
from local.servicebus.faults import (
    Fault,
    message_lock_lost,
    session_lock_lost,
)
from local.servicebus.settings import QueueSettings

DEAD_LETTERS = "$DeadLetterQueue"
TRANSFER_DEAD_LETTERS = f"$Transfer/{DEAD_LETTERS}"


class Queue(Stock):
    """A stock and those who receive from it."""

    dead_letters: "Queue | None"
    undelivered: "Queue | None"

    def __init__(
        self,
        path: str,
        settings: QueueSettings,
        machinery: Machinery,
        dead_letters: "Queue | None" = None,
        undelivered: "Queue | None" = None,
    ) -> None:
        super().__init__(path, settings, machinery, dead_letters, undelivered)
        schedule = machinery.schedule
        self.sessions = Sessions(settings.lock_ms, schedule, self._new_line, self._session_expired)
        self.mishaps = Mishaps(machinery.faults, path, schedule)
        self._line = self._new_line()
        self._consumers: list[Consumer] = []

    def _new_line(self) -> Line:
        return Line(self._available, self.wake)

    def _line_up(self, message: Held) -> None:
        session_id = message.session_id
        if not self.settings.requires_session:
            self._line.join(message)
        elif session_id is None:
            self.bury(message, *NO_SESSION)
            return
        else:
            self.sessions.get(session_id).line.join(message)
        self._machinery.wake(self)

    # Delivery

    def attach(self, consumer: Consumer) -> None:
        self._consumers.append(consumer)
        self._machinery.wake(self)

    def detach(self, consumer: Consumer, *, died: bool) -> None:
        """A closed link leaves its locks to expire, a dead one does not: nobody can settle them.

        What a dead consumer had counts as delivered, so that a message that kills its consumer
        ends in the dead-letter queue.
        """
        if consumer in self._consumers:
            self._consumers.remove(consumer)
        session = consumer.session
        if session is not None and session.owner is consumer:
            self.release_session(session, counted=died)
        elif died:
            for message in self.locks.held_by(consumer):
                self.give_back(message, counted=True)

    def wake(self) -> None:
        """A consumer can take more."""
        self._machinery.wake(self)

    def work(self) -> None:
        if self.settings.requires_session:
            self.sessions.offer()
            for consumer in list(self._consumers):
                self._serve_session(consumer)
            return
        while self._line.first() is not None:
            ready = next((c for c in self._consumers if c.credit > 0), None)
            if ready is None:
                return
            message, cut = self.mishaps.taken(self._line, in_order=False)
            if message is not None:
                self._consumers.remove(ready)  # competing consumers take turns
                self._consumers.append(ready)
                self._hand_over(message, ready, cut=cut)

    def _serve_session(self, consumer: Consumer) -> None:
        session = consumer.session
        if session is None or session.owner is not consumer:
            return
        while consumer.credit > 0:
            message, cut = self.mishaps.taken(session.line, in_order=True)
            if message is None:
                return
            self._hand_over(message, consumer, cut=cut)

    def _hand_over(self, message: Held, consumer: Consumer, *, cut: bool) -> None:
        if cut:
            consumer.drop()
        if consumer.peek_lock:
            self.locks.lock(message, consumer)
            consumer.deliver(message)
        else:
            consumer.deliver(message)
            self.remove(message)

    # Settlement

    def give_back(self, message: Held, *, counted: bool) -> None:
        """Abandon it. `counted`: this was a delivery that failed."""
        self.locks.unlock(message)
        if counted and self._count(message):
            return
        if not self._expire(message) and message.state is State.ACTIVE:
            self._make_available(message)

    def _count(self, message: Held) -> bool:
        """Whether that was one delivery too many; then the message is in the dead-letter queue."""
        message.delivery_count += 1
        limit = self.settings.max_delivery_count
        if self.dead_letters is not None and limit and message.delivery_count >= limit:
            text = f"Message could not be consumed after {limit} delivery attempts."
            self.bury(message, "MaxDeliveryCountExceeded", text)
            return True
        self._machinery.journal.changed(message)
        return False

    def defer(self, message: Held) -> None:
        self.locks.unlock(message)
        message.delivery_count += 1
        message.state = State.DEFERRED
        self._machinery.journal.changed(message)
        self._expire(message)

    def lose_lock(self, message: Held) -> Fault:
        """As if its lock had expired: with the session's, where it is locked by a session."""
        holder = message.lock.holder if message.lock else None
        session = holder.session if holder else None
        if session is None:
            self.give_back(message, counted=True)
            return message_lock_lost()
        return self.lose_session(session)

    def lose_session(self, session: Session) -> Fault:
        """As if its lock had expired."""
        self._session_expired(session)
        return session_lock_lost(session.id)

    def complete_in_vain(self, message: Held) -> bool:
        """Whether it will be delivered once more, although it was completed.

        Not when others of its session are delivered already: it would come after them.
        """
        holder = message.lock.holder if message.lock else None
        if holder is not None and holder.session and self.locks.held_by(holder) != [message]:
            return False
        limit = self.settings.max_delivery_count
        self.give_back(message, counted=not limit or message.delivery_count + 1 < limit)
        return True

    def _lock_expired(self, message: Held) -> None:
        self.give_back(message, counted=True)

    # Sessions

    def renew_session(self, session: Session) -> int:
        until = self.sessions.renew(session)
        if session.owner is not None:
            self.locks.extend(session.owner, until)
        return until

    def set_session_state(self, session: Session, state: bytes | None) -> None:
        session.state, session.updated_ms = state, self._machinery.now()
        self._machinery.journal.session_changed(self.path, session.id, state, session.updated_ms)

    def release_session(self, session: Session, *, counted: bool) -> None:
        """A closed session gives its messages back uncounted, one whose lock expired does not."""
        owner = session.owner
        if owner is not None:
            for message in self.locks.held_by(owner):
                self.give_back(message, counted=counted)
        self.sessions.release(session)
        self._machinery.wake(self)

    def _session_expired(self, session: Session) -> None:
        owner = session.owner
        self.release_session(session, counted=True)
        if owner is not None:
            owner.session_lost()
