"""NCRONTAB against a slow reading of the same notation, second by second."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.host.timers.ncrontab import Schedule, parse

START = datetime(2026, 11, 20, 10, 7, 30, tzinfo=UTC)


def after(expression: str, when: datetime = START) -> str:
    return parse(expression).next_after(when).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("* * * * * *", "2026-11-20 10:07:31"),
        ("0 */5 * * * *", "2026-11-20 10:10:00"),
        ("*/5 * * * *", "2026-11-20 10:10:00"),
        ("30 7 10 * * *", "2026-11-21 10:07:30"),
        ("0 0 0 1 1 *", "2027-01-01 00:00:00"),
        ("0 0 9-17 * * MON-FRI", "2026-11-20 11:00:00"),
        ("0 0 9 * * mon", "2026-11-23 09:00:00"),
        ("0 30 9 * JAN,jul *", "2027-01-01 09:30:00"),
        ("0 0 0 29 2 *", "2028-02-29 00:00:00"),
        ("0 0 0 13 * 5", "2027-08-13 00:00:00"),
        ("0 10/20 * * * *", "2026-11-20 10:10:00"),
        ("0 0-10/5,59 * * * *", "2026-11-20 10:10:00"),
        ("0 0 0 * * 0", "2026-11-22 00:00:00"),
    ],
)
def test_the_next_occurrence(expression: str, expected: str) -> None:
    assert after(expression) == expected


def test_a_time_in_another_zone_is_taken_as_utc() -> None:
    elsewhere = START.astimezone(datetime.fromisoformat("2026-01-01T00:00:00+05:30").tzinfo)
    assert after("0 */5 * * * *", elsewhere) == "2026-11-20 10:10:00"


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "* * * *",
        "* * * * * * *",
        "60 * * * * *",
        "* * 24 * * *",
        "* * * 0 * *",
        "* * * * 13 *",
        "* * * * * 7",
        "*/0 * * * * *",
        "5-1 * * * * *",
        "a * * * * *",
        "1, * * * * *",
        "-1 * * * * *",
        "٣ * * * * *",
        "0 0 0 31 2 *",
        "00:05:00",
    ],
)
def test_expressions_that_are_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(expression)


def fields(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    single = number.map(str)
    span = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    step = st.tuples(st.one_of(st.just("*"), span), st.integers(1, high)).map(
        lambda pair: f"{pair[0]}/{pair[1]}"
    )
    part = st.one_of(st.just("*"), single, span, step)
    return st.lists(part, min_size=1, max_size=3).map(",".join)


def accepts(schedule: Schedule, when: datetime) -> bool:
    return (
        when.second in schedule.seconds
        and when.minute in schedule.minutes
        and when.hour in schedule.hours
        and when.day in schedule.days
        and when.month in schedule.months
        and when.isoweekday() % 7 in schedule.weekdays
    )


@given(
    st.tuples(fields(0, 59), fields(0, 59), fields(0, 23), fields(1, 31)),
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 - made aware below
)
def test_the_next_occurrence_fits_and_nothing_before_it_does(
    pieces: tuple[str, str, str, str], when: datetime
) -> None:
    schedule = parse(" ".join([*pieces, "*", "*"]))
    when = when.replace(tzinfo=UTC)
    found = schedule.next_after(when)
    assert found > when
    assert accepts(schedule, found)
    gap = range(1, min(300, int((found - when).total_seconds())))
    whole = when.replace(microsecond=0)
    assert not any(accepts(schedule, whole + timedelta(seconds=each)) for each in gap)
    earlier = found - timedelta(seconds=1)
    assert schedule.next_after(max(earlier, whole)) == found
