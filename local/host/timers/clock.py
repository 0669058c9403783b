"""The time, and waiting for a time."""

from datetime import UTC, datetime
from typing import Protocol

from local.host.stopping import Stop

# A laptop that slept wakes with another time: look at the clock again now and then.
LOOK_AGAIN_S = 30.0


class Clock(Protocol):
    """Aware UTC."""

    def now(self) -> datetime:
        """The time."""

    async def sleep_until(self, when: datetime, stop: Stop) -> None:
        """Until `when`, or until the host stops."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The time."""
        return datetime.now(UTC)

    async def sleep_until(self, when: datetime, stop: Stop) -> None:
        """Until `when`, or until the host stops."""
        while not stop.asked:
            left_s = (when - self.now()).total_seconds()
            if left_s <= 0:
                return
            await stop.sleep(min(left_s, LOOK_AGAIN_S))
