"""`rate-limit-by-key`: so many calls in any window of so many seconds, counted for each key."""

import math
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from local.gateway.exchange import Exchange, Reply
from local.gateway.expressions.compiler import Value, expression
from local.gateway.policies.elements import attributes, number
from local.gateway.refusals import PolicyRefused, Refusal

MOST_KEYS = 10_000


@dataclass(slots=True)
class Window:
    """A sliding window for each of the latest keys; memory is bounded by both numbers."""

    calls: int
    period_s: int
    monotonic_s: Callable[[], float]
    _taken: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def take(self, key: str) -> tuple[int, int]:
        """The calls that are left after this one, and 0; or 0, and the seconds until the next."""
        now = self.monotonic_s()
        taken = self._taken.setdefault(key, deque())
        self._taken.move_to_end(key)
        if len(self._taken) > MOST_KEYS:
            self._taken.popitem(last=False)
        while taken and taken[0] <= now - self.period_s:
            taken.popleft()
        if len(taken) >= self.calls:
            return 0, max(1, math.ceil(taken[0] + self.period_s - now))
        taken.append(now)
        return self.calls - len(taken), 0


@dataclass(frozen=True, slots=True)
class RateLimit:
    """Headers with an empty name are not sent."""

    window: Window
    key: Value
    retry_after_name: str
    remaining_name: str
    total_name: str

    async def apply(self, exchange: Exchange) -> Reply | None:
        left, wait_s = self.window.take(str(self.key(exchange)))
        if self.total_name:
            exchange.added[self.total_name] = str(self.window.calls)
        if self.remaining_name:
            exchange.added[self.remaining_name] = str(left)
        if not wait_s:
            return None
        message = f"Rate limit is exceeded. Try again in {wait_s} seconds."
        raise Refusal(429, message, {self.retry_after_name or "Retry-After": str(wait_s)})


def rate_limit_by_key(element: Element, monotonic_s: Callable[[], float]) -> RateLimit:
    """Raises PolicyRefused."""
    given = attributes(
        element,
        *("calls", "renewal-period", "counter-key"),
        retry_after_header_name="",
        remaining_calls_header_name="",
        total_calls_header_name="",
    )
    calls = number("calls", given["calls"])
    period_s = number("renewal-period", given["renewal-period"])
    if not (calls and 1 <= period_s <= 300):
        raise PolicyRefused("rate-limit-by-key: calls from 1, renewal-period from 1 to 300 seconds")
    return RateLimit(
        window=Window(calls, period_s, monotonic_s),
        key=expression(given["counter-key"], "string"),
        retry_after_name=given["retry-after-header-name"],
        remaining_name=given["remaining-calls-header-name"],
        total_name=given["total-calls-header-name"],
    )
