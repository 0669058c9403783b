"""A topic: hands each message to the subscriptions whose filter takes it."""

from collections.abc import Sequence

from local.servicebus.entities.duplicates import Duplicates
from local.servicebus.entities.held import Held, State
from local.servicebus.entities.machinery import Machinery
from local.servicebus.entities.queue import Queue
from local.servicebus.faults import message_not_found
from local.servicebus.message import Content
from local.servicebus.topology import TopicSettings


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
        self._machinery = machinery

    def check(self, content: Content) -> None:
        """A topic takes everything: a subscription buries what it cannot hold."""

    def publish(self, content: Content) -> int | None:
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
            self._spread(content, number)
        return number

    def admit(self, message: Held) -> None:
        """Hold a scheduled message, new or from the store."""
        self.scheduled[message.number] = message
        due = message.scheduled_ms or 0
        self._machinery.schedule.at(due, lambda: self._activate(message))

    def cancel_scheduled(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            message = self.scheduled.pop(number, None)
            if message is None:
                raise message_not_found("The scheduled message", number)
            self._machinery.journal.removed(message)

    def _activate(self, message: Held) -> None:
        if self.scheduled.pop(message.number, None) is not None:
            self._machinery.journal.removed(message)
            self._spread(message.content, message.number)

    def _spread(self, content: Content, number: int) -> None:
        for subscription in self.subscriptions:
            wanted = subscription.settings.filter
            if wanted is None or wanted.takes(content):
                subscription.arrive(content, enqueued_number=number)
