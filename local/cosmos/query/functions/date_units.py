"""The parts of a date that functions name: their spellings, lengths and values."""

from collections.abc import Callable
from datetime import datetime

from local.cosmos.query.functions.moments import TICKS_IN_A_SECOND, Ticks, moment_of

_SPELLINGS = {
    "year": ("year", "yyyy", "yy"),
    "month": ("month", "mm", "m"),
    "weekday": ("weekday", "dw", "w"),
    "day": ("day", "dd", "d"),
    "hour": ("hour", "hh"),
    "minute": ("minute", "mi", "n"),
    "second": ("second", "ss", "s"),
    "millisecond": ("millisecond", "ms"),
    "microsecond": ("microsecond", "mcs"),
    "nanosecond": ("nanosecond", "ns"),
}
_UNITS = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
MONTHS = {"year": 12, "month": 1}
# In nanoseconds, of which a tick has a hundred.
NANOSECONDS = {
    "day": 86_400_000_000_000,
    "hour": 3_600_000_000_000,
    "minute": 60_000_000_000,
    "second": 1_000_000_000,
    "millisecond": 1_000_000,
    "microsecond": 1_000,
    "nanosecond": 1,
}
NANOSECONDS_IN_A_TICK = 100
_CALENDAR: dict[str, Callable[[datetime], int]] = {
    "year": lambda moment: moment.year,
    "month": lambda moment: moment.month,
    "weekday": lambda moment: moment.isoweekday() % 7 + 1,  # Sunday is 1
    "day": lambda moment: moment.day,
    "hour": lambda moment: moment.hour,
    "minute": lambda moment: moment.minute,
    "second": lambda moment: moment.second,
}


def unit_named(spelling: object) -> str | None:
    return _UNITS.get(spelling.lower()) if isinstance(spelling, str) else None


def part_of(unit: str, ticks: Ticks) -> int:
    """Fractions count from the last whole second. Raises OverflowError for years out of range."""
    if unit in _CALENDAR:
        return _CALENDAR[unit](moment_of(ticks))
    fraction = ticks % TICKS_IN_A_SECOND * NANOSECONDS_IN_A_TICK
    return fraction // NANOSECONDS[unit]


def months_of(ticks: Ticks) -> int:
    """Since the year 0."""
    moment = moment_of(ticks)
    return moment.year * 12 + moment.month - 1
