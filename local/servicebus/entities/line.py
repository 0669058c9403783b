"""Messages that wait to be delivered, lowest sequence number first."""

import heapq
from collections.abc import Callable

from local.servicebus.entities.held import Held

Lookup = Callable[[int], Held | None]


class Line:
    """Numbers only: `available` says whether the message of a number can still be delivered."""

    __slots__ = ("_available", "_numbers")

    def __init__(self, available: Lookup) -> None:
        self._available = available
        self._numbers: list[int] = []

    def join(self, message: Held) -> None:
        heapq.heappush(self._numbers, message.number)

    def first(self) -> Held | None:
        """The next one to deliver, which stays in line."""
        while self._numbers:
            message = self._available(self._numbers[0])
            if message is not None:
                return message
            heapq.heappop(self._numbers)
        return None

    def take(self) -> Held | None:
        message = self.first()
        if message is not None:
            heapq.heappop(self._numbers)
        return message
