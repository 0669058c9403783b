"""The workers of one listener: one is always waiting for work, more come when all are busy.

Each worker has a receiver of its own, because the SDK cannot settle a message while the same
receiver waits for another: its write would stand behind a read of up to 200 ms.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from azure.servicebus.exceptions import ServiceBusError

from local.host import logs
from local.host.backoff import Backoff
from local.host.stopping import Stop

# Work that is done sooner does not call for another worker; a receiver takes half a second to open.
PATIENCE_S = 0.05
SAID_AT = frozenset({1, 20, 400})

Work = Callable[[Stop], Awaitable[None]]


class Crew:
    """Up to `at_most` workers; `work` waits for something to do, says so, and may return."""

    def __init__(self, name: str, at_most: int, work: Work, backoff: Backoff | None = None) -> None:
        self.state = "starting"
        self.waiting = 0
        self._name = name
        self._at_most = at_most
        self._work = work
        self._busy = 0
        self._changed = asyncio.Event()
        self._workers: set[asyncio.Task[None]] = set()
        self._backoff = backoff or Backoff()

    async def run(self, stop: Stop) -> None:
        """Keep the crew until `stop`; return when the last worker has finished."""
        while not stop.asked:
            for _ in range(self._wanted()):
                self._hire(stop)
            await stop.unless_asked(self._changed.wait())
            self._changed.clear()
        await asyncio.gather(*self._workers)
        self.state = "stopped"

    @contextmanager
    def busy(self) -> Iterator[None]:
        """The worker who waited has found something to do."""
        self.waiting -= 1
        self._busy += 1
        if self.waiting == 0:
            asyncio.get_running_loop().call_later(PATIENCE_S, self._changed.set)
        try:
            yield
        finally:
            self._busy -= 1
            self.waiting += 1

    def reached(self) -> None:
        """A worker is connected."""
        self.state = "listening"
        if self._backoff.succeed():
            logs.say("listener back", function=self._name)

    def _wanted(self) -> int:
        """None while somebody waits; then as many again as are busy."""
        if self.waiting > 0:
            return 0
        return min(max(1, self._busy), self._at_most - self._busy)

    def _hire(self, stop: Stop) -> None:
        self.waiting += 1
        worker = asyncio.create_task(self._employ(stop))
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _employ(self, stop: Stop) -> None:
        try:
            await self._work(stop)
        except (ServiceBusError, OSError, ValueError) as error:
            wait_s = self._backoff.fail()
            self.state = "waiting for the broker"
            if self._backoff.failures in SAID_AT:
                logs.warn("listener cut off", function=self._name, error=str(error))
            await stop.sleep(wait_s)
        except Exception as error:  # noqa: BLE001 - a fault of one worker must not end the listener
            logs.fail("worker broken", function=self._name, error=repr(error))
            await stop.sleep(self._backoff.fail())
        finally:
            self.waiting -= 1
            self._changed.set()
