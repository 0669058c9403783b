"""A broker whose clock moves when a test says so: alone, or behind a socket for the real SDK."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from local.servicebus.entities.namespace import Namespace
from local.servicebus.server import Server
from local.servicebus.topology import read_topology

KEY_NAME, KEY = "RootManageSharedAccessKey", "only-for-these-tests"
T = TypeVar("T")


def connection_string(url: str, key: str = KEY) -> str:
    return (
        f"Endpoint={url};SharedAccessKeyName={KEY_NAME};SharedAccessKey={key};"
        "UseDevelopmentEmulator=true"
    )


class MovedClock:
    """Milliseconds since the epoch: still, unless it is moved."""

    def __init__(self, now_ms: int = 1_800_000_000_000) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms

    def advance(self, seconds: float) -> None:
        self.now_ms += round(seconds * 1000)


class AheadClock:
    """The wall clock and what it was moved ahead: the SDK compares its own with the broker's."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead_ms


class MovingBroker:
    """A server on a thread of its own."""

    def __init__(self, topology: Path) -> None:
        self._clock = AheadClock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.namespace = Namespace(read_topology(topology), self._clock)
        self._server = self._run(self._start())
        self.port = self._run(self._server.start(0))

    @property
    def connection_string(self) -> str:
        return connection_string(f"sb://127.0.0.1:{self.port}")

    def advance(self, seconds: float) -> None:
        """Move its clock, and return once it has done all that this made due."""

        async def move() -> None:
            self._clock.ahead_ms += round(seconds * 1000)
            self._server.touch()
            await asyncio.sleep(0)  # the turn that was asked for comes first

        self._run(move())

    def stop(self) -> None:
        self._run(self._server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _start(self) -> Server:
        return Server(self.namespace, {KEY_NAME: KEY})

    def _run(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


@contextmanager
def moving_broker(topology: Path) -> Iterator[MovingBroker]:
    broker = MovingBroker(topology)
    try:
        yield broker
    finally:
        broker.stop()
