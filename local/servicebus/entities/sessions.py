"""The sessions of one queue: who has which, until when, what state they keep, who waits for one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from local.servicebus.entities.consumer import Consumer
from local.servicebus.entities.line import Line
from local.servicebus.faults import session_cannot_be_locked, session_lock_lost
from local.servicebus.schedule import Appointment, Schedule

Waiter = Callable[[], None]


@dataclass(eq=False, slots=True)
class Session:
    """`line` holds the session's own messages; `state` is whatever its consumers store."""

    id: str
    line: Line
    state: bytes | None = None
    updated_ms: int = 0
    owner: Consumer | None = None
    locked_until_ms: int = 0
    expiry: Appointment | None = field(default=None, repr=False)


class Sessions:
    """`expired` is called with each session whose lock ran out, while its owner is still known."""

    def __init__(
        self,
        duration_ms: int,
        schedule: Schedule,
        new_line: Callable[[], Line],
        expired: Callable[[Session], None],
    ) -> None:
        self._duration_ms = duration_ms
        self._schedule = schedule
        self._new_line = new_line
        self._expired = expired
        self._by_id: dict[str, Session] = {}
        self.waiting: dict[Waiter, None] = {}

    def get(self, session_id: str) -> Session:
        session = self._by_id.get(session_id)
        if session is None:
            session = self._by_id[session_id] = Session(session_id, self._new_line())
        return session

    def all(self) -> Iterable[Session]:
        return self._by_id.values()

    def accept(self, consumer: Consumer, session_id: str | None) -> Session | None:
        """Lock a session for the consumer: the named one, or else the one that waits longest.

        None when no session is free. Raises the fault of a session that another one has.
        """
        session = self._next() if session_id is None else self.get(session_id)
        if session is None:
            return None
        if session.owner is not None:
            raise session_cannot_be_locked(session.id)
        session.owner = consumer
        self._lock(session)
        return session

    def owned(self, session_id: str, consumer: Consumer | None) -> Session:
        """A locked session, and by this consumer if one is given. Raises session-lock-lost."""
        session = self._by_id.get(session_id)
        if session is None or session.owner is None:
            raise session_lock_lost(session_id)
        if consumer is not None and session.owner is not consumer:
            raise session_lock_lost(session_id)
        if session.locked_until_ms <= self._schedule.now():
            raise session_lock_lost(session_id)
        return session

    def renew(self, session: Session) -> int:
        self._lock(session)
        return session.locked_until_ms

    def release(self, session: Session) -> None:
        session.owner = None
        if session.expiry is not None:
            session.expiry.cancel()
            session.expiry = None
        if session.state is None and session.line.is_empty():
            self._by_id.pop(session.id, None)

    def offer(self) -> None:
        """Something became available: whoever waits longest may look."""
        for waiter in list(self.waiting):
            if self._next() is None:
                return
            self.waiting.pop(waiter, None)
            waiter()

    def _next(self) -> Session | None:
        best: Session | None = None
        lowest = 0
        for session in self._by_id.values():
            first = session.line.first() if session.owner is None else None
            if first is not None and (best is None or first.number < lowest):
                best, lowest = session, first.number
        return best

    def _lock(self, session: Session) -> None:
        if session.expiry is not None:
            session.expiry.cancel()
        session.locked_until_ms = self._schedule.now() + self._duration_ms

        def run_out() -> None:
            session.expiry = None
            self._expired(session)

        session.expiry = self._schedule.at(session.locked_until_ms, run_out)
