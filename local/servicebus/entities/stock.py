"""What a queue, a subscription or a dead-letter queue holds: arrival, life, forwarding, burial.

Does not know who receives.
"""

import heapq
from abc import ABC, abstractmethod
from collections.abc import Sequence

from local.servicebus.entities.duplicates import Duplicates
from local.servicebus.entities.forwarding import DIRECT, Passage, Target, forward
from local.servicebus.entities.held import EXPIRED, DeadLetter, Held, State
from local.servicebus.entities.locks import Locks
from local.servicebus.entities.machinery import Machinery
from local.servicebus.faults import (
    message_not_found,
    message_too_large,
    not_allowed,
    quota_exceeded,
)
from local.servicebus.message import Content
from local.servicebus.settings import QueueSettings


class Stock(ABC):
    """`dead_letters` is None for a dead-letter queue: what is dead has nowhere else to go.

    `undelivered` holds what could not be forwarded. `forwards` and `forwards_dead` are set once
    all entities are there.
    """

    def __init__(
        self,
        path: str,
        settings: QueueSettings,
        machinery: Machinery,
        dead_letters: "Stock | None" = None,
        undelivered: "Stock | None" = None,
    ) -> None:
        self.path = path
        self.settings = settings
        self.dead_letters = dead_letters
        self.undelivered = undelivered
        self.forwards: Target | None = None
        self.forwards_dead: Target | None = None
        self.bytes = 0
        self.messages: dict[int, Held] = {}
        self.duplicates = Duplicates(path, settings.duplicate_window_ms, machinery)
        self.locks = Locks(settings.lock_ms, machinery.schedule, self._lock_expired)
        self._machinery = machinery

    @abstractmethod
    def _line_up(self, message: Held) -> None:
        """It can be delivered now."""

    @abstractmethod
    def _lock_expired(self, message: Held) -> None:
        """Its holder has lost it."""

    @abstractmethod
    def give_back(self, message: Held, *, counted: bool) -> None:
        """Abandon it. `counted`: this was a delivery that failed."""

    # Arrival

    def check(self, content: Content) -> None:
        """Raises the fault of a message that must not be sent here."""
        if self.settings.requires_session and content.session_id is None:
            raise not_allowed("The entity requires sessions; the message has no session id.")
        if len(content.raw) > self.settings.max_message_bytes:
            raise message_too_large(self.settings.max_message_bytes)
        if self.size >= self.settings.max_bytes:
            raise quota_exceeded(self.path, self.size, self.settings.max_bytes)

    @property
    def size(self) -> int:
        """In bytes; what is dead counts too."""
        graves = (self.dead_letters, self.undelivered)
        return self.bytes + sum(grave.bytes for grave in graves if grave is not None)

    def publish(self, content: Content, passage: Passage = DIRECT) -> int | None:
        """Take a message that `check` has let pass. The number, or None for a duplicate."""
        if not self.duplicates.is_first(content.message_id):
            return None
        return self.arrive(content, passage).number

    def arrive(self, content: Content, passage: Passage = DIRECT) -> Held:
        number = self._machinery.next_number()
        now = self._machinery.now()
        scheduled = content.scheduled_ms
        later = scheduled is not None and scheduled > now
        message = Held(
            content,
            number,
            passage.enqueued_number or number,
            self.path,
            enqueued_ms=scheduled if later and scheduled else now,
            state=State.SCHEDULED if later else State.ACTIVE,
            scheduled_ms=scheduled if later else None,
            hops=passage.hops,
        )
        self._limit_life(message)
        self._machinery.journal.changed(message)
        self.admit(message)
        return message

    def admit(self, message: Held) -> None:
        """Hold a message, new or from the store, and set its clocks."""
        message.entity = self.path
        self.messages[message.number] = message
        self.bytes += message.size
        schedule = self._machinery.schedule
        if message.state is State.SCHEDULED and message.scheduled_ms is not None:
            schedule.at(message.scheduled_ms, lambda: self._activate(message))
        if message.expires_ms is not None:
            schedule.at(message.expires_ms, lambda: self._expire(message))
        if message.state is State.ACTIVE:
            self._make_available(message)

    def _let_go(self, message: Held) -> bool:
        """Whether it was still here."""
        if self.messages.pop(message.number, None) is None:
            return False
        self.bytes -= message.size
        return True

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
        if self.forwards is not None:
            self._forward(self.forwards, message)
        else:
            self._line_up(message)

    def _forward(self, target: Target, message: Held) -> None:
        passage = Passage(message.hops + 1, message.enqueued_number)
        failure = forward(target, message.content, passage)
        if failure is None:
            self.remove(message)
        elif self.undelivered is not None:
            self._entomb(message, self.undelivered, DeadLetter(self.path, *failure))

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

    # Departure

    def remove(self, message: Held) -> None:
        """Complete it."""
        self.locks.unlock(message)
        if self._let_go(message):
            self._machinery.journal.removed(message)

    def bury(self, message: Held, reason: str | None, description: str | None) -> None:
        """Dead-letter it."""
        if self.dead_letters is None:
            self.give_back(message, counted=False)
            return
        death = DeadLetter(self.path, reason, description)
        grave = self.dead_letters
        if self.forwards_dead is not None:
            message.dead = death
            passage = Passage(message.hops + 1, message.enqueued_number)
            failure = forward(self.forwards_dead, message.as_forwarded(), passage)
            if failure is None:
                self.remove(message)
                return
            grave = self.undelivered or grave
            death = DeadLetter(self.path, *failure)
        self._entomb(message, grave, death)

    def _entomb(self, message: Held, grave: "Stock", death: DeadLetter) -> None:
        self.locks.unlock(message)
        self._let_go(message)
        message.dead = death
        message.state, message.expires_ms = State.ACTIVE, None
        grave.admit(message)
        self._machinery.journal.changed(message)

    # By number

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
