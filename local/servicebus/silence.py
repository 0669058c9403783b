"""How long a client has said nothing, by the event loop's clock. Knows no protocol."""

import asyncio
from collections.abc import Callable


class Silence:
    """Calls `too_long` when nothing breaks it for as long as is allowed."""

    def __init__(self, too_long: Callable[[], None]) -> None:
        self._too_long = too_long
        self._loop = asyncio.get_running_loop()
        self._since_s = self._loop.time()
        self._allowed_s = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def allow(self, seconds: float) -> None:
        """From now on."""
        self.stop()
        self._since_s, self._allowed_s = self._loop.time(), seconds
        self._wait()

    def broken(self) -> None:
        self._since_s = self._loop.time()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        """One timer, which looks when it rings whether there was anything meanwhile."""
        self._timer = self._loop.call_at(self._since_s + self._allowed_s, self._look)

    def _look(self) -> None:
        if self._loop.time() - self._since_s >= self._allowed_s:
            self._too_long()
        else:
            self._wait()
