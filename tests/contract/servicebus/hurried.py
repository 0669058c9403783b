"""An event loop on which a second takes a tenth: the SDK sleeps through most of its polling."""

import asyncio
import selectors

HURRY = 10


class HurriedSelector(selectors.DefaultSelector):
    """Waits as long as the loop means, in the world's seconds."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(None if timeout is None else timeout / HURRY)


class HurriedLoop(asyncio.SelectorEventLoop):
    """Only sleeps and timeouts hurry. What other processes and threads do is waited for."""

    def __init__(self) -> None:
        super().__init__(HurriedSelector())

    def time(self) -> float:
        return super().time() * HURRY
