"""The schedule of a timer trigger: NCRONTAB, or a time span between two runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from local.host import durations
from local.host.timers import ncrontab


class Schedule(Protocol):
    """Says when a timer is due."""

    def next_after(self, when: datetime) -> datetime:
        """The first occurrence later than `when`."""


@dataclass(frozen=True)
class Every:
    """A time span between one run and the next. In Azure only an App Service plan takes it."""

    span: timedelta

    def next_after(self, when: datetime) -> datetime:
        """So much later."""
        return when + self.span


def parse(expression: str) -> Schedule:
    """Raises ValueError with the reason for an expression that is neither."""
    if ":" not in expression:
        return ncrontab.parse(expression)
    span_s = durations.seconds(expression)
    if span_s <= 0:
        raise ValueError(f"{expression!r} is no time at all")
    return Every(timedelta(seconds=span_s))
