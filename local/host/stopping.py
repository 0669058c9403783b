"""The moment at which the host takes no new work, and waiting that ends with it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Stop:
    """Asked for once; everybody who waits through it is woken."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def asked(self) -> bool:
        """Whether the host is to take no new work."""
        return self._event.is_set()

    def ask(self) -> None:
        """Take no new work from now on."""
        self._event.set()

    async def wait(self) -> None:
        """Until somebody asks."""
        await self._event.wait()

    async def sleep(self, seconds: float) -> None:
        """For that long, or until somebody asks."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return

    async def unless_asked(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What `work` gives, or None when the stop comes first and ends it.

        Work that is done when the stop comes is not thrown away.
        """
        task = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if not task.done():
                task.cancel()
        try:
            return await task
        except asyncio.CancelledError:
            if self.asked:
                return None
            raise
