"""How much work one query may make, so that none holds up the rest. Knows no query."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from local.cosmos.query.errors import QueryRefused
from local.cosmos.wire import Value

LONGEST_S = 5.0  # as long as the service works on one page
STEPS_A_LOOK = 256
LARGEST_VALUE = 16 * 1024 * 1024  # bytes of JSON, roughly


@dataclass(slots=True)
class Budget:
    """Counted in rows considered; the clock is looked at now and then."""

    longest_s: float = LONGEST_S
    clock: Callable[[], float] = time.monotonic
    _steps: int = 0
    _ends: float = field(default=float("inf"))

    def step(self) -> None:
        """One row more. Raises QueryRefused once the time is over."""
        self._steps += 1
        if self._steps % STEPS_A_LOOK == 0:
            self.look()

    def look(self) -> None:
        """Raises QueryRefused once the time is over, which begins with the first look."""
        now = self.clock()
        self._ends = min(self._ends, now + self.longest_s)
        if now > self._ends:
            raise too_much()


def too_much() -> QueryRefused:
    return QueryRefused(
        "The query exceeded the maximum allowed resources. Make it read fewer items or make "
        "smaller values.",
        "SC3032",
    )


def bounded(value: Value) -> Value:
    """The value, unless it would be too long as JSON: parts may occur in it many times over."""
    left = LARGEST_VALUE
    waiting = [value]
    while waiting:
        part = waiting.pop()
        left -= 8
        if isinstance(part, str):
            left -= len(part)
        elif isinstance(part, list):
            left -= len(part)
            waiting += part
        elif isinstance(part, dict):
            left -= sum(map(len, part))
            waiting += part.values()
        if left < 0:
            raise too_much()
    return value
