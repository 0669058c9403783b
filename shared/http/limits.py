"""How often somebody may ask: per user, per network address, and per kind of request.

Each instance counts for itself and in memory, with the generic cell rate algorithm (ITU-T I.371):
one number a key, and no burst over the quota at the turn of a minute. What is told is that of
draft-ietf-httpapi-ratelimit-headers.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from shared.errors import TooMany

ROUNDING_S = 1e-6
MOST_KEYS = 50_000  # the least lately seen are forgotten, and may ask anew


@dataclass(frozen=True)
class Quota:
    """So many requests in so many seconds, named for those who are told of it."""

    name: str
    requests: int
    window_s: int = 60

    @property
    def policy(self) -> str:
        return f'"{self.name}";q={self.requests};w={self.window_s}'


@dataclass(frozen=True)
class Left:
    """What is left of a quota, and in how many seconds it is whole again."""

    quota: Quota
    requests: int
    whole_in_s: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": self.quota.policy,
            "RateLimit": f'"{self.quota.name}";r={self.requests};t={self.whole_in_s}',
        }


class TooOften(TooMany):
    """The quota that `policy` names is used up. Come back after Retry-After."""

    code = "rate-limited"


class Limiter:
    """Who asked how often. `seconds` is a clock that only goes forward."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._full_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def take(self, quota: Quota, key: str) -> Left:
        """One request. Raises TooOften, and then nothing is taken."""
        now, each_s = self._seconds(), quota.window_s / quota.requests
        known = (quota.name, key)
        full_at = max(self._full_at.get(known, now), now) + each_s
        ahead_s = full_at - now
        if ahead_s > quota.window_s + ROUNDING_S:
            raise TooOften(
                "Too many requests. Wait, then go on more slowly.",
                retry_after_s=max(1, ceil(ahead_s - quota.window_s)),
                policy=quota.name,
            )
        self._full_at[known] = full_at
        self._full_at.move_to_end(known)
        if len(self._full_at) > MOST_KEYS:
            self._full_at.popitem(last=False)
        return Left(
            quota, max(0, int((quota.window_s - ahead_s + ROUNDING_S) / each_s)), ceil(ahead_s)
        )
