"""Functions on dates. Knows no present moment."""

from collections.abc import Callable
from datetime import UTC, datetime

from local.cosmos.query.functions.date_format import formatted
from local.cosmos.query.functions.date_units import (
    MONTHS,
    NANOSECONDS,
    NANOSECONDS_IN_A_TICK,
    months_of,
    part_of,
    unit_named,
)
from local.cosmos.query.functions.moments import (
    FIRST,
    LAST,
    TICKS_IN_A_MILLISECOND,
    Ticks,
    plus_months,
    read,
    ticks_of,
    written,
)
from local.cosmos.query.functions.registry import Body, function
from local.cosmos.query.values import UNDEFINED, is_number
from local.cosmos.wire import Value


def _or_undefined(body: Body) -> Body:
    """What lies beyond the calendar is undefined."""

    def guarded(*arguments: Value) -> Value:
        try:
            return body(*arguments)
        except (ValueError, OverflowError):
            return UNDEFINED

    return guarded


@function("DATETIMEADD", 3)
@_or_undefined
def date_time_add(part: Value, count: Value, value: Value) -> Value:
    unit, ticks = unit_named(part), read(value)
    if unit is None or unit == "weekday" or ticks is None or not is_number(count):
        return UNDEFINED
    if unit in MONTHS:
        return written(plus_months(ticks, int(count) * MONTHS[unit]))
    return written(ticks + int(count) * NANOSECONDS[unit] // NANOSECONDS_IN_A_TICK)


@function("DATETIMEDIFF", 3)
@_or_undefined
def date_time_diff(part: Value, start: Value, end: Value) -> Value:
    """How many borders of `part` lie between the two."""
    unit, first, last = unit_named(part), read(start), read(end)
    if unit is None or unit == "weekday" or first is None or last is None:
        return UNDEFINED
    if unit in MONTHS:
        return months_of(last) // MONTHS[unit] - months_of(first) // MONTHS[unit]
    length = NANOSECONDS[unit]
    return last * NANOSECONDS_IN_A_TICK // length - first * NANOSECONDS_IN_A_TICK // length


@function("DATETIMEPART", 2)
def date_time_part(part: Value, value: Value) -> Value:
    unit, ticks = unit_named(part), read(value)
    return UNDEFINED if unit is None or ticks is None else part_of(unit, ticks)


def _component(name: str) -> None:
    def component(value: Value) -> Value:
        ticks = read(value)
        return UNDEFINED if ticks is None else part_of(name, ticks)

    function(name.upper(), 1)(component)


for _name in ("year", "month", "day"):
    _component(_name)


@function("DATETIMEBIN", 2, 4)
@_or_undefined
def date_time_bin(
    value: Value, part: Value, size: Value = 1, origin: Value = "1970-01-01T00:00:00Z"
) -> Value:
    """The beginning of the stretch of `size` parts, counted from `origin`, that `value` is in."""
    ticks, unit, start = read(value), unit_named(part), read(origin)
    if ticks is None or unit is None or unit == "weekday" or start is None:
        return UNDEFINED
    if not is_number(size) or size < 1 or size != int(size):
        return UNDEFINED
    if unit in MONTHS:
        length = int(size) * MONTHS[unit]
        return written(plus_months(start, (months_of(ticks) - months_of(start)) // length * length))
    length = int(size) * NANOSECONDS[unit]
    whole = (ticks - start) * NANOSECONDS_IN_A_TICK // length * length
    return written(start + whole // NANOSECONDS_IN_A_TICK)


@function("DATETIMEFORMAT", 2)
def date_time_format(value: Value, pattern: Value) -> Value:
    ticks = read(value)
    if ticks is None or not isinstance(pattern, str):
        return UNDEFINED
    return formatted(ticks, pattern)


@function("DATETIMEFROMPARTS", 3, 7)
@_or_undefined
def date_time_from_parts(*parts: Value) -> Value:
    """Year, month, day, hour, minute, second, ticks of 100 ns."""
    if not all(is_number(part) for part in parts):
        return UNDEFINED
    numbers = [int(part) for part in parts]
    year, month, day, *time = numbers[:6]
    more = numbers[6] if len(numbers) == 7 else 0
    if not 0 <= more < TICKS_IN_A_MILLISECOND * 1000:
        return UNDEFINED
    moment = datetime(year, month, day, *time, tzinfo=UTC)  # type: ignore[misc,arg-type]  # at most hour, minute, second
    return written(ticks_of(moment) + more)


def _since_1970(name: str, ticks_in_one: int) -> None:
    def count(value: Value) -> Value:
        ticks = read(value)
        return UNDEFINED if ticks is None else ticks // ticks_in_one

    function(name, 1)(count)


_since_1970("DATETIMETOTIMESTAMP", TICKS_IN_A_MILLISECOND)
_since_1970("DATETIMETOTICKS", 1)


def _date_of(name: str, ticks_from: Callable[[float], float]) -> None:
    def date(value: Value) -> Value:
        if not is_number(value) or not FIRST <= ticks_from(value) <= LAST:
            return UNDEFINED
        ticks: Ticks = int(ticks_from(value))
        return written(ticks)

    function(name, 1)(date)


_date_of("TIMESTAMPTODATETIME", lambda milliseconds: milliseconds * TICKS_IN_A_MILLISECOND)
_date_of("TICKSTODATETIME", lambda ticks: ticks)
