"""Two may meet at one document; the later one reads it again and decides anew."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.errors import Stale

T = TypeVar("T")
ATTEMPTS = 25  # of so many who meet, each round at least one gets through
LONGEST_PAUSE_S = 0.1


async def until_fresh(attempt: Callable[[], Awaitable[T]]) -> T:
    """What `attempt` gives, once nobody else was faster: it must read, decide and save each time.

    Pauses by chance in between, so that many who meet do not meet again. Raises Stale when somebody
    was faster every time, and whatever else `attempt` raises.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return await attempt()
        except Stale:
            await asyncio.sleep(random.uniform(0, LONGEST_PAUSE_S))  # noqa: S311 - no secret
    return await attempt()
