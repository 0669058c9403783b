"""The retry policy of a function: how often a failed run is repeated, and after how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from local.host.host_settings import HostSettings

ENDLESS = -1


@dataclass(frozen=True)
class RetryPolicy:
    """`max_count` repetitions, -1 for no limit; delays grow from `first_s` to `longest_s`."""

    max_count: int
    first_s: float
    longest_s: float

    def allows(self, retry: int) -> bool:
        """Whether the run may be repeated for the `retry`th time, counted from 1."""
        return self.max_count == ENDLESS or retry <= self.max_count

    def delay_s(self, retry: int) -> float:
        """How long to wait before the `retry`th repetition, counted from 1."""
        return min(self.longest_s, self.first_s * 2.0 ** min(retry - 1, 60))


def policy(options: Mapping[str, Any]) -> RetryPolicy | None:
    """The policy in the engine's description of a function; None when it has none."""
    if not options:
        return None
    count = int(options["max_retry_count"])
    if options["retry_strategy"] == "fixed_delay":
        delay_s = _seconds(options["delay_interval"])
        return RetryPolicy(count, delay_s, delay_s)
    least_s = max(_seconds(options["minimum_interval"]), 0.1)
    return RetryPolicy(count, least_s, max(least_s, _seconds(options["maximum_interval"])))


def of_host(settings: HostSettings) -> RetryPolicy | None:
    """The policy that host.json gives to functions without one; None when it gives none.

    Raises ValueError naming a setting that is wrong.
    """
    strategy = settings.text("retry.strategy", "").lower()
    if not strategy:
        return None
    if strategy not in {"fixeddelay", "exponentialbackoff"}:
        raise ValueError("retry.strategy must be fixedDelay or exponentialBackoff")
    count = settings.whole("retry.maxRetryCount", 0, least=ENDLESS)
    if strategy == "fixeddelay":
        delay_s = settings.span_s("retry.delayInterval", 0)
        return RetryPolicy(count, delay_s, delay_s)
    least_s = max(settings.span_s("retry.minimumInterval", 0), 0.1)
    most_s = settings.span_s("retry.maximumInterval", least_s)
    return RetryPolicy(count, least_s, max(least_s, most_s))


def _seconds(interval: timedelta) -> float:
    return interval.total_seconds()
