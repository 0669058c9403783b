"""The peek-locks of one queue: tokens, expiry, renewal."""

from collections.abc import Callable
from uuid import UUID, uuid4

from local.servicebus.entities.consumer import Consumer
from local.servicebus.entities.held import Held, Lock
from local.servicebus.faults import message_lock_lost
from local.servicebus.schedule import Schedule


class Locks:
    """`expired` is called with each message whose lock ran out, after the lock is gone.

    A message of a session has no expiry of its own: it is locked as long as its session is.
    """

    def __init__(
        self, duration_ms: int, schedule: Schedule, expired: Callable[[Held], None]
    ) -> None:
        self._duration_ms = duration_ms
        self._schedule = schedule
        self._expired = expired
        self._by_token: dict[UUID, Held] = {}

    def lock(self, message: Held, holder: Consumer | None) -> None:
        session = holder.session if holder is not None else None
        until = session.locked_until_ms if session else self._schedule.now() + self._duration_ms
        message.lock = Lock(uuid4(), until, holder)
        self._by_token[message.lock.token] = message
        if session is None:
            self._watch(message, message.lock)

    def find(self, token: UUID) -> Held:
        """Raises the fault of a lost lock."""
        message = self._by_token.get(token)
        if message is None or message.lock is None:
            raise message_lock_lost()
        if message.lock.until_ms <= self._schedule.now():
            raise message_lock_lost()
        return message

    def renew(self, token: UUID) -> int:
        """The new end of the lock in milliseconds since the epoch."""
        message = self.find(token)
        lock = message.lock
        if lock is None:
            raise message_lock_lost()
        if lock.expiry is not None:
            lock.expiry.cancel()
            lock.until_ms = self._schedule.now() + self._duration_ms
            self._watch(message, lock)
        return lock.until_ms

    def extend(self, holder: Consumer, until_ms: int) -> None:
        """A session was renewed, and all its messages with it."""
        for message in self.held_by(holder):
            if message.lock is not None:
                message.lock.until_ms = until_ms

    def unlock(self, message: Held) -> None:
        if message.lock is not None:
            self._by_token.pop(message.lock.token, None)
            if message.lock.expiry is not None:
                message.lock.expiry.cancel()
            message.lock = None

    def held_by(self, holder: Consumer) -> list[Held]:
        """In the order of their sequence numbers."""
        held = [m for m in self._by_token.values() if m.lock and m.lock.holder is holder]
        return sorted(held, key=lambda message: message.number)

    def _watch(self, message: Held, lock: Lock) -> None:
        def run_out() -> None:
            lock.expiry = None
            self.unlock(message)
            self._expired(message)

        lock.expiry = self._schedule.at(lock.until_ms, run_out)
