"""The peek-locks of one queue: tokens, expiry, renewal."""

from collections.abc import Callable
from itertools import count
from os import urandom

from local.servicebus.entities.consumer import Consumer
from local.servicebus.entities.held import Held, Lock
from local.servicebus.faults import message_lock_lost
from local.servicebus.schedule import Appointment, Schedule

_PREFIX, _numbers = urandom(8), count(1)


def new_token() -> bytes:
    """The 16 bytes of a GUID that no other lock has: clients need it unique, not secret."""
    return _PREFIX + next(_numbers).to_bytes(8, "big")


class Locks:
    """`expired` is called with each message whose lock ran out, after the lock is gone.

    A message of a session has no expiry of its own: it is locked as long as its session is. All
    others are locked equally long, so that they expire in the order in which they were locked,
    and one appointment, with the first of them, is enough.
    """

    def __init__(
        self, duration_ms: int, schedule: Schedule, expired: Callable[[Held], None]
    ) -> None:
        self._duration_ms = duration_ms
        self._schedule = schedule
        self._expired = expired
        self._by_token: dict[bytes, Held] = {}
        self._timed: dict[bytes, Held] = {}  # in the order in which they expire
        self._alarm: Appointment | None = None

    def lock(self, message: Held, holder: Consumer | None) -> None:
        session = holder.session if holder is not None else None
        token = new_token()
        until = session.locked_until_ms if session else self._schedule.now() + self._duration_ms
        message.lock = Lock(token, until, holder)
        self._by_token[token] = message
        if session is None:
            self._timed[token] = message
            if self._alarm is None:
                self._alarm = self._schedule.at(until, self._run_out)

    def find(self, token: bytes) -> Held:
        """Raises the fault of a lost lock."""
        message = self._by_token.get(token)
        if message is None or message.lock is None:
            raise message_lock_lost()
        if message.lock.until_ms <= self._schedule.now():
            raise message_lock_lost()
        return message

    def renew(self, token: bytes) -> int:
        """The new end of the lock in milliseconds since the epoch."""
        message = self.find(token)
        lock = message.lock
        if lock is None:
            raise message_lock_lost()
        if self._timed.pop(token, None) is not None:
            lock.until_ms = self._schedule.now() + self._duration_ms
            self._timed[token] = message
        return lock.until_ms

    def extend(self, holder: Consumer, until_ms: int) -> None:
        """A session was renewed, and all its messages with it."""
        for message in self.held_by(holder):
            if message.lock is not None:
                message.lock.until_ms = until_ms

    def unlock(self, message: Held) -> None:
        lock = message.lock
        if lock is not None:
            self._by_token.pop(lock.token, None)
            self._timed.pop(lock.token, None)
            message.lock = None

    def held_by(self, holder: Consumer) -> list[Held]:
        """In the order of their sequence numbers."""
        held = [m for m in self._by_token.values() if m.lock and m.lock.holder is holder]
        return sorted(held, key=lambda message: message.number)

    def _run_out(self) -> None:
        self._alarm = None
        now = self._schedule.now()
        while self._timed:
            message = next(iter(self._timed.values()))
            lock = message.lock
            if lock is not None and lock.until_ms > now:
                self._alarm = self._schedule.at(lock.until_ms, self._run_out)
                return
            self.unlock(message)
            self._expired(message)
