"""What all entities of one namespace share: time, numbers, a journal, and who has work to do."""

from typing import Protocol

from local.faults.plan import Faults
from local.servicebus.entities.held import Held
from local.servicebus.schedule import Schedule


class Journal(Protocol):
    """Is told of everything that must outlive the process. Writes when it is asked to commit."""

    def changed(self, message: Held) -> None: ...

    def removed(self, message: Held) -> None: ...

    def session_changed(
        self, entity: str, session_id: str, state: bytes | None, updated_ms: int
    ) -> None: ...

    def seen(self, entity: str, message_id: str, until_ms: int) -> None: ...

    def forgot(self, entity: str, message_id: str) -> None: ...

    def numbered(self, last: int) -> None: ...


class Forgetful:
    """The journal of a broker that keeps nothing."""

    def changed(self, message: Held) -> None: ...

    def removed(self, message: Held) -> None: ...

    def session_changed(
        self, entity: str, session_id: str, state: bytes | None, updated_ms: int
    ) -> None: ...

    def seen(self, entity: str, message_id: str, until_ms: int) -> None: ...

    def forgot(self, entity: str, message_id: str) -> None: ...

    def numbered(self, last: int) -> None: ...


class Worker(Protocol):
    """An entity that may have something to hand out."""

    def work(self) -> None: ...


class Machinery:
    """One per namespace."""

    def __init__(self, schedule: Schedule, journal: Journal, faults: Faults) -> None:
        self.schedule = schedule
        self.journal = journal
        self.faults = faults
        self.last_number = 0
        self._busy: dict[Worker, None] = {}  # ordered, so that runs are repeatable

    def now(self) -> int:
        return self.schedule.now()

    def next_number(self) -> int:
        self.last_number += 1
        self.journal.numbered(self.last_number)
        return self.last_number

    def wake(self, worker: Worker) -> None:
        self._busy[worker] = None

    def work(self) -> None:
        """Do what has fallen due and hand out all that can be handed out."""
        self.schedule.run_due()
        while self._busy:
            worker = next(iter(self._busy))
            del self._busy[worker]
            worker.work()
