"""Messages that wait to be delivered, lowest sequence number first."""

import heapq
from collections.abc import Callable

from local.servicebus.entities.held import Held

Lookup = Callable[[int], Held | None]


class Line:
    """Numbers only: `available` says whether the message of a number can still be delivered.

    `on_more` is called when there may be something after a rest.
    """

    __slots__ = ("_available", "_numbers", "on_more", "resting")

    def __init__(self, available: Lookup, on_more: Callable[[], None]) -> None:
        self._available = available
        self._numbers: list[int] = []
        self.on_more = on_more
        self.resting = False

    def join(self, message: Held) -> None:
        heapq.heappush(self._numbers, message.number)

    def first(self) -> Held | None:
        """The next one to deliver, which stays in line."""
        return None if self.resting else self._first()

    def is_empty(self) -> bool:
        return self._first() is None

    def take(self) -> Held | None:
        message = self.first()
        if message is not None:
            heapq.heappop(self._numbers)
        return message

    def _first(self) -> Held | None:
        while self._numbers:
            message = self._available(self._numbers[0])
            if message is not None:
                return message
            heapq.heappop(self._numbers)
        return None
