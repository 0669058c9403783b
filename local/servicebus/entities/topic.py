"""A topic: hands each message to the subscriptions whose filter takes it."""

import heapq
from collections.abc import Sequence

from local.servicebus.entities.duplicates import Duplicates
from local.servicebus.entities.forwarding import DIRECT, Passage
from local.servicebus.entities.held import Held, State
from local.servicebus.entities.machinery import Machinery
from local.servicebus.entities.mishaps import Mishaps
from local.servicebus.entities.queue import Queue
from local.servicebus.faults import message_not_found, message_too_large, quota_exceeded
from local.servicebus.message import Content
from local.servicebus.settings import TopicSettings


class Topic:
    """Holds only what is scheduled; all else is in its subscriptions."""

    def __init__(
        self,
        settings: TopicSettings,
        subscriptions: Sequence[Queue],
        machinery: Machinery,
    ) -> None:
        self.path = settings.name
        self.settings = settings
        self.subscriptions = subscriptions
        self.scheduled: dict[int, Held] = {}
        self.duplicates = Duplicates(self.path, settings.duplicate_window_ms, machinery)
        self.mishaps = Mishaps(machinery.faults, self.path, machinery.schedule)
        self._machinery = machinery
        self._bytes = 0

    def check(self, content: Content) -> None:
        """Raises the fault of a message that must not be sent here.

        Whatever one subscription cannot hold, it buries: the others are not to suffer.
        """
        if len(content.raw) > self.settings.max_message_bytes:
            raise message_too_large(self.settings.max_message_bytes)
        if self.size >= self.settings.max_bytes:
            raise quota_exceeded(self.path, self.size, self.settings.max_bytes)

    @property
    def size(self) -> int:
        """In bytes, with all that its subscriptions hold."""
        return self._bytes + sum(subscription.size for subscription in self.subscriptions)

    def publish(self, content: Content, passage: Passage = DIRECT) -> int | None:
        """The number, or None for a duplicate."""
        if not self.duplicates.is_first(content.message_id):
            return None
        number = self._machinery.next_number()
        due = content.scheduled_ms
        if due is not None and due > self._machinery.now():
            held = Held(content, number, number, self.path, due, State.SCHEDULED, due)
            self.admit(held)
            self._machinery.journal.changed(held)
        else:
            self._spread(content, Passage(passage.hops, passage.enqueued_number or number))
        return number

    def admit(self, message: Held) -> None:
        """Hold a scheduled message, new or from the store."""
        self.scheduled[message.number] = message
        self._bytes += message.size
        due = message.scheduled_ms or 0
        self._machinery.schedule.at(due, lambda: self._activate(message))

    def cancel_scheduled(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            if number not in self.scheduled:
                raise message_not_found("The scheduled message", number)
        for number in dict.fromkeys(numbers):
            self.remove(self.scheduled[number])

    def remove(self, message: Held) -> bool:
        """Take a scheduled message back. Whether it was still there."""
        if self.scheduled.pop(message.number, None) is None:
            return False
        self._bytes -= message.size
        self._machinery.journal.removed(message)
        return True

    def peek(self, start: int, count: int) -> list[Held]:
        """The scheduled messages from a sequence number on."""
        numbers = heapq.nsmallest(count, (number for number in self.scheduled if number >= start))
        return [self.scheduled[number] for number in numbers]

    def _activate(self, message: Held) -> None:
        if self.remove(message):
            self._spread(message.content, Passage(0, message.number))

    def _spread(self, content: Content, passage: Passage) -> None:
        for subscription in self.subscriptions:
            if any(rule.filter.takes(content) for rule in subscription.settings.rules):
                subscription.arrive(content, passage)
