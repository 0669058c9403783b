"""What every policy is once it is read, and what it may need of its surroundings."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from local.gateway.exchange import Exchange, Reply

Fetch = Callable[[str], Awaitable[dict[str, Any]]]


class Step(Protocol):
    """One policy of one section."""

    async def apply(self, exchange: Exchange) -> Reply | None:
        """A reply ends the section. Raises Refusal, which leads to `on-error`."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`monotonic_s` is the clock of rate limits; `fetch` gets JSON from an address."""

    monotonic_s: Callable[[], float]
    now_s: Callable[[], float]
    fetch: Fetch
