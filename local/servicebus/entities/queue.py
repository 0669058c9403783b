"""A queue, a subscription, or the dead-letter queue of either: what it holds and hands out."""

import heapq
from collections.abc import Sequence
from uuid import UUID

from local.servicebus.entities.consumer import Consumer
from local.servicebus.entities.duplicates import Duplicates
from local.servicebus.entities.held import EXPIRED, NO_SESSION, DeadLetter, Held, State
from local.servicebus.entities.line import Line
from local.servicebus.entities.locks import Locks
from local.servicebus.entities.machinery import Machinery
from local.servicebus.entities.sessions import Session, Sessions
from local.servicebus.faults import message_not_found, not_allowed
from local.servicebus.message import Content
from local.servicebus.topology import QueueSettings

DEAD_LETTERS = "$DeadLetterQueue"


class Queue:
    """`dead_letters` is None for a dead-letter queue: what is dead has nowhere else to go."""

    def __init__(
        self,
        path: str,
        settings: QueueSettings,
        machinery: Machinery,
        dead_letters: "Queue | None" = None,
    ) -> None:
        self.path = path
        self.settings = settings
        self.dead_letters = dead_letters
        self.messages: dict[int, Held] = {}
        self.duplicates = Duplicates(path, settings.duplicate_window_ms, machinery)
        schedule = machinery.schedule
        self.locks = Locks(settings.lock_ms, schedule, self._lock_expired)
        self.sessions = Sessions(settings.lock_ms, schedule, self._available, self._session_expired)
        self._machinery = machinery
        self._line = Line(self._available)
        self._consumers: list[Consumer] = []

    # Arrival

    def check(self, content: Content) -> None:
        """Raises the fault of a message that must not be sent here."""
        if self.settings.requires_session and content.session_id is None:
            raise not_allowed("The entity requires sessions; the message has no session id.")

    def publish(self, content: Content) -> int | None:
        """Take a message that `check` has let pass. The number, or None for a duplicate."""
        if not self.duplicates.is_first(content.message_id):
            return None
        return self.arrive(content).number

    def arrive(self, content: Content, enqueued_number: int | None = None) -> Held:
        number = self._machinery.next_number()
        now = self._machinery.now()
        scheduled = content.scheduled_ms
        later = scheduled is not None and scheduled > now
        message = Held(
            content,
            number,
            enqueued_number or number,
            self.path,
            enqueued_ms=scheduled if later and scheduled else now,
            state=State.SCHEDULED if later else State.ACTIVE,
            scheduled_ms=scheduled if later else None,
        )
        self._limit_life(message)
        self.admit(message)
        self._machinery.journal.changed(message)
        return message

    def admit(self, message: Held) -> None:
        """Hold a message, new or from the store, and set its clocks."""
        message.entity = self.path
        self.messages[message.number] = message
        schedule = self._machinery.schedule
        if message.state is State.SCHEDULED and message.scheduled_ms is not None:
            schedule.at(message.scheduled_ms, lambda: self._activate(message))
        if message.expires_ms is not None:
            schedule.at(message.expires_ms, lambda: self._expire(message))
        if message.state is State.ACTIVE:
            self._make_available(message)

    def _limit_life(self, message: Held) -> None:
        own, default = message.content.time_to_live_ms, self.settings.default_ttl_ms
        given = [ttl for ttl in (own, default) if ttl]
        if given:
            message.time_to_live_ms = min(given)
            message.expires_ms = message.enqueued_ms + min(given)

    def _activate(self, message: Held) -> None:
        if self.messages.get(message.number) is message and message.state is State.SCHEDULED:
            message.state = State.ACTIVE
            self._machinery.journal.changed(message)
            self._make_available(message)

    def _make_available(self, message: Held) -> None:
        session_id = message.session_id
        if not self.settings.requires_session:
            self._line.join(message)
        elif session_id is None:
            self.bury(message, *NO_SESSION)
            return
        else:
            self.sessions.get(session_id).line.join(message)
        self._machinery.wake(self)

    def _available(self, number: int) -> Held | None:
        message = self.messages.get(number)
        if message is None or message.state is not State.ACTIVE or message.lock is not None:
            return None
        return None if self._expire(message) else message

    def _expire(self, message: Held) -> bool:
        """Whether the message is past its time; then it is gone. A lock keeps it until it ends."""
        if self.messages.get(message.number) is not message or message.expires_ms is None:
            return False
        if message.expires_ms > self._machinery.now() or message.lock is not None:
            return False
        if self.settings.dead_letter_on_expiry:
            self.bury(message, *EXPIRED)
        else:
            self.remove(message)
        return True

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
            if ready is None or (message := self._line.take()) is None:
                return
            self._consumers.remove(ready)  # competing consumers take turns
            self._consumers.append(ready)
            self._hand_over(message, ready)

    def _serve_session(self, consumer: Consumer) -> None:
        session = consumer.session
        if session is None or session.owner is not consumer:
            return
        while consumer.credit > 0 and (message := session.line.take()):
            self._hand_over(message, consumer)

    def _hand_over(self, message: Held, consumer: Consumer) -> None:
        if consumer.peek_lock:
            self.locks.lock(message, consumer)
            consumer.deliver(message)
        else:
            consumer.deliver(message)
            self.remove(message)

    # Settlement

    def remove(self, message: Held) -> None:
        """Complete it."""
        self.locks.unlock(message)
        if self.messages.pop(message.number, None) is not None:
            self._machinery.journal.removed(message)

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

    def bury(self, message: Held, reason: str | None, description: str | None) -> None:
        """Dead-letter it."""
        if self.dead_letters is None:
            self.give_back(message, counted=False)
            return
        self.locks.unlock(message)
        self.messages.pop(message.number, None)
        message.dead = DeadLetter(self.path, reason, description)
        message.state, message.expires_ms = State.ACTIVE, None
        self.dead_letters.admit(message)
        self._machinery.journal.changed(message)

    def _lock_expired(self, message: Held) -> None:
        self.give_back(message, counted=True)

    # By number

    def receive_deferred(
        self, numbers: Sequence[int], consumer: Consumer | None, *, peek_lock: bool
    ) -> list[tuple[Held, bytes, UUID | None]]:
        """Each message, as it was delivered, and its lock token. All or nothing."""
        found = [self._deferred(number) for number in dict.fromkeys(numbers)]
        received = []
        for message in found:
            if peek_lock:
                self.locks.lock(message, consumer)
            token = message.lock.token if message.lock else None
            received.append((message, message.as_delivered(), token))
            if not peek_lock:
                self.remove(message)
        return received

    def _deferred(self, number: int) -> Held:
        message = self.messages.get(number)
        if message is None or message.state is not State.DEFERRED or message.lock is not None:
            raise message_not_found("The deferred message", number)
        return message

    def cancel_scheduled(self, numbers: Sequence[int]) -> None:
        found = [self.messages.get(number) for number in numbers]
        for number, message in zip(numbers, found, strict=True):
            if message is None or message.state is not State.SCHEDULED:
                raise message_not_found("The scheduled message", number)
            self.remove(message)

    def peek(self, start: int, count: int, session_id: str | None = None) -> list[Held]:
        """From a sequence number on; neither locks nor counts."""
        numbers = (
            number
            for number, message in self.messages.items()
            if number >= start and session_id in {None, message.session_id}
        )
        return [self.messages[number] for number in heapq.nsmallest(count, numbers)]

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
