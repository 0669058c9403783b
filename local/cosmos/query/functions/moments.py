"""Moments as the service counts them: ticks of 100 ns since 1970, in UTC. Knows no functions."""

import re
from datetime import UTC, datetime, timedelta

from local.cosmos.wire import Value

TICKS_IN_A_MILLISECOND = 10_000
TICKS_IN_A_SECOND = 10_000_000
_TICKS_IN_A_MICROSECOND = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
_SEVENTH_DIGIT = re.compile(r"\.\d{6}(\d)")

Ticks = int


def ticks_of(moment: datetime) -> Ticks:
    return (moment - _EPOCH) // timedelta(microseconds=1) * _TICKS_IN_A_MICROSECOND


FIRST = ticks_of(_EARLIEST)
LAST = ticks_of(_LATEST) + _TICKS_IN_A_MICROSECOND - 1


def moment_of(ticks: Ticks) -> datetime:
    """To the microsecond. Raises OverflowError outside the years 1 to 9999."""
    return _EPOCH + timedelta(microseconds=ticks // _TICKS_IN_A_MICROSECOND)


def written(ticks: Ticks) -> str:
    """`2026-11-20T12:00:00.1234567Z`. Raises OverflowError outside the years 1 to 9999."""
    moment = moment_of(ticks)
    # Not strftime, which leaves out the zeros of early years.
    seventh = ticks % _TICKS_IN_A_MICROSECOND
    return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}{seventh}Z"


def read(value: Value) -> Ticks | None:
    """Any ISO 8601 moment; one without an offset is UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    seventh = _SEVENTH_DIGIT.search(value)
    return ticks_of(moment) + (int(seventh.group(1)) if seventh else 0)


def plus_months(ticks: Ticks, months: int) -> Ticks:
    """The same day of another month, or that month's last. Raises ValueError, OverflowError."""
    moment = moment_of(ticks)
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    last_day = [31, 29 if _leaps(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month]
    moved = moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))
    return ticks_of(moved) + ticks % _TICKS_IN_A_MICROSECOND


def _leaps(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
