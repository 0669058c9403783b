"""What shall happen when, by an injected clock in milliseconds. Does not know how to wait."""

import heapq
import itertools
from collections.abc import Callable

Clock = Callable[[], int]
Action = Callable[[], object]


class Appointment:
    """One thing that shall happen. Cancelled ones are dropped without being done."""

    __slots__ = ("_schedule", "action", "due_ms")

    def __init__(self, due_ms: int, action: Action, schedule: "Schedule") -> None:
        self.due_ms = due_ms
        self.action: Action | None = action
        self._schedule = schedule

    def cancel(self) -> None:
        if self.action is not None:
            self.action = None
            self._schedule.forget_cancelled()


class Schedule:
    """Appointments in the order in which they fall due."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.on_earlier: Action = lambda: None
        self._heap: list[tuple[int, int, Appointment]] = []
        self._order = itertools.count()
        self._cancelled = 0

    def __len__(self) -> int:
        return len(self._heap)

    def now(self) -> int:
        return self.clock()

    def at(self, due_ms: int, action: Action) -> Appointment:
        appointment = Appointment(due_ms, action, self)
        heapq.heappush(self._heap, (due_ms, next(self._order), appointment))
        if self._heap[0][2] is appointment:
            self.on_earlier()
        return appointment

    def next_due(self) -> int | None:
        while self._heap and self._heap[0][2].action is None:
            heapq.heappop(self._heap)
            self._cancelled -= 1
        return self._heap[0][0] if self._heap else None

    def run_due(self) -> None:
        """Do everything that is due now, and what that makes due."""
        now = self.now()
        while (due := self.next_due()) is not None and due <= now:
            appointment = heapq.heappop(self._heap)[2]
            action, appointment.action = appointment.action, None
            if action is not None:
                action()

    def forget_cancelled(self) -> None:
        """Most locks end long before they expire: keep their appointments from piling up."""
        self._cancelled += 1
        if self._cancelled > 1000 and self._cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].action is not None]
            heapq.heapify(self._heap)
            self._cancelled = 0
