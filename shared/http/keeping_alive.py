"""A claim that its holder renews while it works, so that a dead holder's is free soon."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Generic

from shared.errors import Stale
from shared.records.document import D, Stored
from shared.telemetry.logs import warn


class KeptAlive(Generic[D]):
    """For as long as it is entered. `claim` is as it was last saved."""

    def __init__(
        self,
        claim: Stored[D],
        renewed: Callable[[Stored[D]], Awaitable[Stored[D]]],
        every_s: float,
    ) -> None:
        self.claim = claim
        self._renewed = renewed
        self._every_s = every_s
        self._over = asyncio.Event()
        self._renewing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "KeptAlive[D]":
        self._renewing = asyncio.create_task(self._renew())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Waits for a renewal that is under way: its outcome says which version is ours."""
        self._over.set()
        if self._renewing is not None:
            await self._renewing

    async def _renew(self) -> None:
        while not await self._ends_within(self._every_s):
            try:
                self.claim = await self._renewed(self.claim)
            except Stale:  # somebody has taken it over, and renews it now
                return
            except Exception as failed:  # noqa: BLE001 - the work goes on; the next renewal may do better
                warn("claim.not_renewed", error=type(failed).__name__)

    async def _ends_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._over.wait(), seconds)
        except TimeoutError:
            return False
        return True
