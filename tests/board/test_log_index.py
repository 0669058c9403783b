"""Lines kept within bounds, and found again."""

from collections.abc import Iterable

import pytest

from local.board.answers import Refused
from local.board.log.index import LogIndex
from local.board.log.line import Line
from local.board.log.parsing import Before
from local.board.log.view import view
from local.board.log.wanted import Wanted, wanted
from tests.board.written import NOW_US, TRACE, ended, indexed, line, request, said, started


def events(lines: Iterable[Line]) -> list[str]:
    return [each.event for each in lines]


def test_newest_come_first_and_pages_neither_skip_nor_repeat() -> None:
    index = indexed(*(line(0, event=f"e{n}") for n in range(10)))
    first = list(index.newest(Wanted()))[:4]
    rest = list(index.newest(Wanted(), before=first[-1].id))
    assert events([*first, *rest]) == [f"e{n}" for n in reversed(range(10))]


def test_ids_grow_whatever_times_lines_claim() -> None:
    index = LogIndex()
    future = b'{"time": "2999-01-01T00:00:00Z", "event": "future"}'
    past = b'{"time": "1066-10-14T09:00:00Z", "event": "past"}'
    ids = [
        index.read("host", raw, Before(NOW_US), NOW_US).id
        for raw in (past, future, past, line(1), future)
    ]
    assert ids == sorted(set(ids))
    assert max(ids) < 2**53  # a browser reads them as numbers
    assert max(ids) <= NOW_US + len(ids)


def test_an_id_means_the_same_place_after_a_restart() -> None:
    raws = [line(n / 10, event=f"e{n}") for n in range(20)]
    one, other = indexed(*raws), indexed(*raws)
    before = list(one.newest(Wanted()))[5].id
    assert events(other.newest(Wanted(), before)) == events(one.newest(Wanted(), before))


def test_the_oldest_are_forgotten_with_everything_that_leads_to_them() -> None:
    raws = [raw for n in range(50) for raw in request(n, "trips_plan", f"i-{n}", f"c-{n}")]
    index = indexed(*raws, most_lines=10)
    assert len(index) == 10
    assert list(index.correlations()) == [f"c-{n}" for n in (49, 48, 47, 46, 45)]
    assert index.of_correlation("c-1") == []
    assert index.of_invocation("i-1") == []
    assert len(index.ends_of("trips_plan")) == 5
    assert index.size_bytes == sum(len(each.raw) for each in index.newest(Wanted()))


def test_bytes_are_bounded_as_well_as_lines() -> None:
    index = indexed(*(line(n, body="x" * 1000) for n in range(100)), most_bytes=20_000)
    assert index.size_bytes <= 20_000
    assert 10 < len(index) < 20


def test_failed_runs_are_forgotten_too() -> None:
    raws: list[bytes] = []
    for n in range(6):
        raws += [ended(n, "trips_plan", f"i-{n}", 1, level="ERROR", outcome="failed")]
    index = indexed(*raws, most_lines=4)
    assert index.failed_runs == 4
    assert len(index.failed_ends_of("trips_plan")) == 4


def test_a_correlation_has_the_hosts_lines_of_its_runs() -> None:
    index = indexed(
        started(0, "trips_plan", "i-1"),
        *request(0, "trips_plan", "i-1", "c-1"),
        *request(1, "trips_list", "i-2", "c-2"),
    )
    assert events(index.of_correlation("c-1")) == [
        "invocation.started",
        "http.answered",
        "invocation",
    ]
    found = list(index.newest(Wanted(correlation_id="c-1")))
    assert events(found) == ["invocation", "http.answered", "invocation.started"]


def test_two_correlations_in_one_run_are_kept_apart() -> None:
    index = indexed(
        said(0, "one", "i-1", "c-1"),
        said(0, "other", "i-1", "c-2"),
        ended(1, "auth_publish_events", "i-1", 5),
    )
    assert events(index.of_correlation("c-2")) == ["other", "invocation"]


def test_the_function_of_a_line_is_the_one_that_the_host_names() -> None:
    index = indexed(
        said(0, "http.answered", "i-1", "c-1", function="functions.trips.api.plan"),
        ended(1, "trips_plan", "i-1", 5),
    )
    assert len(list(index.newest(Wanted(function="trips_plan")))) == 2
    assert len(list(index.newest(Wanted(function="functions.trips.api.plan")))) == 1
    shown = [view(each, index)["function"] for each in index.newest(Wanted())]
    assert shown == ["trips_plan", "trips_plan"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 4),
        ({"level": "warning"}, 2),
        ({"level": "error"}, 1),
        ({"part": "cosmos"}, 0),
        ({"text": "MÜLLER"}, 1),
        ({"text": "nobody"}, 0),
        ({"text": '"quoted"'}, 1),
        ({"trace_id": TRACE}, 1),
        ({"invocation_id": "i-1"}, 1),
        ({"correlation_id": "c-1", "level": "ERROR"}, 0),
    ],
)
def test_filters(query: dict[str, str], count: int) -> None:
    index = indexed(
        line(0, event="one", name="Jo müller"),
        line(1, event="two", level="WARNING", text='it was "quoted"'),
        line(2, event="three", level="ERROR"),
        said(3, "four", "i-1", "c-1"),
    )
    assert len(list(index.newest(wanted(query)))) == count


def test_a_level_that_there_is_not_is_refused() -> None:
    with pytest.raises(Refused, match="`level` is one of"):
        wanted({"level": "loud"})


def test_what_came_since_is_told_oldest_first() -> None:
    index = indexed(line(0, event="a"), line(1, event="b"))
    last_id = index.last_id
    for event in ("c", "d"):
        index.read("host", line(2, event=event), Before(NOW_US), NOW_US)
    assert events(index.after(last_id, Wanted())) == ["c", "d"]
    assert events(index.after(last_id, Wanted(text='"d"'))) == ["d"]
    assert index.after(index.last_id, Wanted()) == []


def test_a_line_as_the_page_gets_it() -> None:
    index = indexed(*request(1, "trips_plan", "i-1", "c-1"))
    shown = view(next(iter(index.newest(Wanted()))), index)
    assert shown | {"id": 0} == {
        "id": 0,
        "at": "2026-11-20T14:00:01.010Z",
        "part": "host",
        "level": "INFO",
        "event": "invocation",
        "message": None,
        "function": "trips_plan",
        "correlation_id": "c-1",
        "trace_id": TRACE,
        "invocation_id": "i-1",
        "duration_ms": 10.0,
        "outcome": "succeeded",
        "stack": None,
        "fields": {"logger": "local.host", "trigger": "httpTrigger"},
    }
