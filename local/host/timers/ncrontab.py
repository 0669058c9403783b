"""NCRONTAB: six fields, `second minute hour day month weekday`, all of which must match.

Five fields mean second 0. Fields hold `*`, numbers, names (JAN, SUN), ranges, lists and `/steps`;
Sunday is 0. Times are UTC. Source: the schedule notation of Azure's timer trigger.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# 29 February may be eight years away, around a century that is not a leap year.
HORIZON = timedelta(days=366 * 8 + 1)


@dataclass(frozen=True)
class Field:
    """What one field may hold."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()


FIELDS = (
    Field("second", 0, 59),
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day", 1, 31),
    Field("month", 1, 12, MONTHS),
    Field("weekday", 0, 6, WEEKDAYS),
)


@dataclass(frozen=True)
class Schedule:
    """The values that each field accepts, in order."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]

    def next_after(self, when: datetime) -> datetime:
        """The first occurrence later than `when`. Raises ValueError when there is none."""
        start = when.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
        day = start.replace(hour=0, minute=0, second=0)
        clock = (start.hour, start.minute, start.second)
        while day - start < HORIZON:
            if self._accepts(day):
                found = self._first_from(clock)
                if found is not None:
                    return day.replace(hour=found[0], minute=found[1], second=found[2])
            day += timedelta(days=1)
            clock = (0, 0, 0)
        raise ValueError("the schedule never occurs")

    def _accepts(self, day: datetime) -> bool:
        return (
            day.month in self.months
            and day.day in self.days
            and day.isoweekday() % 7 in self.weekdays
        )

    def _first_from(self, clock: tuple[int, int, int]) -> tuple[int, int, int] | None:
        """The first accepted hour, minute and second of a day that is not before `clock`."""
        hour, minute, second = clock
        for candidate in self.hours[bisect_left(self.hours, hour) :]:
            if candidate > hour:
                return candidate, self.minutes[0], self.seconds[0]
            for later in self.minutes[bisect_left(self.minutes, minute) :]:
                if later > minute:
                    return candidate, later, self.seconds[0]
                at = bisect_left(self.seconds, second)
                if at < len(self.seconds):
                    return candidate, later, self.seconds[at]
        return None


def parse(expression: str) -> Schedule:
    """Raises ValueError with the reason for an expression that is wrong or never occurs."""
    pieces = expression.split()
    if len(pieces) == 5:
        pieces = ["0", *pieces]
    if len(pieces) != 6:
        raise ValueError(f"{expression!r} must have six fields (or five, without seconds)")
    schedule = Schedule(
        *(_values(field, piece) for field, piece in zip(FIELDS, pieces, strict=True))
    )
    schedule.next_after(datetime(2000, 1, 1, tzinfo=UTC))
    return schedule


def _values(field: Field, text: str) -> tuple[int, ...]:
    values: set[int] = set()
    for part in text.split(","):
        values.update(_part(field, part))
    return tuple(sorted(values))


def _part(field: Field, part: str) -> range:
    span, slash, step_text = part.partition("/")
    step = _number(field, step_text, field.high + 1) if slash else 1
    if step < 1:
        raise ValueError(f"{field.name}: a step must be at least 1, not {step_text!r}")
    if span == "*":
        return range(field.low, field.high + 1, step)
    first_text, dash, last_text = span.partition("-")
    first = _number(field, first_text, field.high)
    open_end = field.high if slash else first
    last = _number(field, last_text, field.high) if dash else open_end
    if not field.low <= first <= last:
        raise ValueError(f"{field.name}: {part!r} is not within {field.low}-{field.high}")
    return range(first, last + 1, step)


def _number(field: Field, text: str, most: int) -> int:
    if text.upper() in field.names:
        return field.names.index(text.upper()) + field.low
    if not (text.isascii() and text.isdigit()) or int(text) > most:
        raise ValueError(f"{field.name}: {text!r} is not a number up to {most}")
    return int(text)
