"""Ends that come after a fixed time unless they are called off; cheap, since most are.

All have the same length, so they are due in the order in which they were set: one timer of the loop
is enough for any number of them.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """Something that will call, and can be told not to."""

    def cancel(self) -> None:
        """Do not call."""


class Ticking(Protocol):
    """What a deadline needs of a loop."""

    def time(self) -> float:
        """Seconds since any moment."""

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call back at that time."""


class Deadlines:
    """`after_s` seconds each; None for no end. `loop` is the running one unless given."""

    def __init__(self, after_s: float | None, loop: Ticking | None = None) -> None:
        self._after_s = after_s
        self._loop = loop
        self._ends: dict[object, tuple[float, Callable[[], None]]] = {}
        self._timer: Timer | None = None

    def set(self, key: object, end: Callable[[], None]) -> None:
        """Call `end` when the time is over and nobody has called it off."""
        if self._after_s is None:
            return
        loop = self._loop or asyncio.get_running_loop()
        when = loop.time() + self._after_s
        self._ends[key] = (when, end)
        if self._timer is None:
            self._timer = loop.call_at(when, self._ring)

    def call_off(self, key: object) -> None:
        """It is done in time. Safe to repeat."""
        self._ends.pop(key, None)

    def _ring(self) -> None:
        loop = self._loop or asyncio.get_running_loop()
        self._timer, now = None, loop.time()
        due = []
        for key, (when, _) in self._ends.items():
            if when > now:
                self._timer = loop.call_at(when, self._ring)
                break
            due.append(key)
        for key in due:
            _, end = self._ends.pop(key)
            end()
