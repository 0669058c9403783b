"""Functions on dates: UTC strings with seven digits of fraction. Knows no present moment."""

from datetime import UTC, datetime, timedelta

from local.cosmos.query.functions.registry import function
from local.cosmos.query.values import UNDEFINED, is_number
from local.cosmos.wire import Value

TICKS_IN_A_MILLISECOND = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS: dict[str, timedelta] = {
    "day": timedelta(days=1),
    "dd": timedelta(days=1),
    "d": timedelta(days=1),
    "hour": timedelta(hours=1),
    "hh": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "mi": timedelta(minutes=1),
    "n": timedelta(minutes=1),
    "second": timedelta(seconds=1),
    "ss": timedelta(seconds=1),
    "s": timedelta(seconds=1),
    "millisecond": timedelta(milliseconds=1),
    "ms": timedelta(milliseconds=1),
    "microsecond": timedelta(microseconds=1),
    "mcs": timedelta(microseconds=1),
}
_MONTHS = {"year": 12, "yyyy": 12, "yy": 12, "month": 1, "mm": 1, "m": 1}


def written(moment: datetime) -> str:
    """`2026-11-20T12:00:00.1234560Z`, as GetCurrentDateTime writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


def read(value: Value) -> datetime | None:
    """Any ISO 8601 moment; one without an offset is UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def from_milliseconds(milliseconds: float) -> str | None:
    try:
        return written(_EPOCH + timedelta(milliseconds=milliseconds))
    except OverflowError:
        return None


@function("DATETIMEADD", 3)
def date_time_add(part: Value, count: Value, value: Value) -> Value:
    moment = read(value)
    if not isinstance(part, str) or not is_number(count) or moment is None:
        return UNDEFINED
    unit = part.lower()
    try:
        if unit in _MONTHS:
            return written(_plus_months(moment, int(count) * _MONTHS[unit]))
        return written(moment + _UNITS[unit] * int(count))
    except (KeyError, OverflowError, ValueError):
        return UNDEFINED


@function("DATETIMEDIFF", 3)
def date_time_diff(part: Value, start: Value, end: Value) -> Value:
    """How many borders of `part` lie between the two."""
    first, last = read(start), read(end)
    if not isinstance(part, str) or first is None or last is None:
        return UNDEFINED
    unit = part.lower()
    if unit in _MONTHS:
        months = (last.year * 12 + last.month - 1, first.year * 12 + first.month - 1)
        return months[0] // _MONTHS[unit] - months[1] // _MONTHS[unit]
    if unit not in _UNITS:
        return UNDEFINED
    return (last - _EPOCH) // _UNITS[unit] - (first - _EPOCH) // _UNITS[unit]


@function("DATETIMEPART", 2)
def date_time_part(part: Value, value: Value) -> Value:
    moment = read(value)
    if not isinstance(part, str) or moment is None:
        return UNDEFINED
    unit = part.lower()
    if unit in ("year", "yyyy", "yy"):
        return moment.year
    if unit in ("month", "mm", "m"):
        return moment.month
    if unit in ("weekday", "dw", "w"):
        return moment.isoweekday() % 7 + 1
    return _time_part(unit, moment)


def _time_part(unit: str, moment: datetime) -> Value:
    if unit not in _UNITS:
        return UNDEFINED
    by_size = {
        timedelta(days=1): moment.day,
        timedelta(hours=1): moment.hour,
        timedelta(minutes=1): moment.minute,
        timedelta(seconds=1): moment.second,
        timedelta(milliseconds=1): moment.microsecond // 1000,
        timedelta(microseconds=1): moment.microsecond,
    }
    return by_size[_UNITS[unit]]


@function("DATETIMEFROMPARTS", 3, 7)
def date_time_from_parts(*parts: Value) -> Value:
    """Year, month, day, hour, minute, second, ticks of 100 ns."""
    if not all(is_number(part) for part in parts):
        return UNDEFINED
    numbers = [int(part) for part in parts]
    ticks = numbers[6] if len(numbers) == 7 else 0
    try:
        moment = datetime(*numbers[:6], tzinfo=UTC)  # type: ignore[misc,arg-type]  # 3 to 6 whole numbers
        return written(moment + timedelta(microseconds=ticks // 10))
    except (ValueError, OverflowError):
        return UNDEFINED


@function("DATETIMETOTIMESTAMP", 1)
def date_time_to_timestamp(value: Value) -> Value:
    moment = read(value)
    return UNDEFINED if moment is None else (moment - _EPOCH) // timedelta(milliseconds=1)


@function("TIMESTAMPTODATETIME", 1)
def timestamp_to_date_time(value: Value) -> Value:
    found = from_milliseconds(value) if is_number(value) else None
    return UNDEFINED if found is None else found


@function("DATETIMETOTICKS", 1)
def date_time_to_ticks(value: Value) -> Value:
    moment = read(value)
    return UNDEFINED if moment is None else (moment - _EPOCH) // timedelta(microseconds=1) * 10


@function("TICKSTODATETIME", 1)
def ticks_to_date_time(value: Value) -> Value:
    if not is_number(value):
        return UNDEFINED
    found = from_milliseconds(value / TICKS_IN_A_MILLISECOND)
    return UNDEFINED if found is None else found


def _plus_months(moment: datetime, months: int) -> datetime:
    """The same day of another month, or that month's last day."""
    count = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(count, 12)
    first_of_next = datetime(year + (month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=UTC)
    last_day = (first_of_next - timedelta(days=1)).day
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))
