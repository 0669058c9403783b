"""Two stops along any way: apart from each other and from its start, and never in the future."""

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.demo import track
from local.demo.track import Fix, Stop, TrackUnusable, between, laid_along, travelled
from tests.demo.files import at_metres

END = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
METRES = st.floats(-20_000, 20_000)
SECONDS = st.floats(0, 3600)


def way(places: list[tuple[float, float]], seconds: list[float] | None = None) -> list[Fix]:
    """East and north in metres; each so many seconds after the one before."""
    steps = seconds or [5.0] * len(places)
    at, fixes = END, []
    for (east, north), step in zip(reversed(places), steps, strict=False):
        fixes.append(Fix(at, *at_metres(east, north)))
        at -= timedelta(seconds=step)
    return fixes[::-1]


def there(stop: Stop) -> Fix:
    return Fix(END, stop.longitude, stop.latitude)


def must_hold(fixes: list[Fix], driven: list[Fix], stops: list[Stop]) -> None:
    half, last = stops
    start = driven[0]
    assert between(start, fixes[0]) < 0.001
    assert between(start, there(half)) > half.radius_m
    assert between(start, there(last)) > last.radius_m
    assert between(there(half), there(last)) > half.radius_m + last.radius_m
    assert 30 <= half.radius_m <= 120
    assert driven[-1].at <= END
    assert all(a.at <= b.at for a, b in pairwise(driven))
    assert any(between(fix, there(half)) < 1 for fix in driven)
    assert [between(fix, there(last)) < 1 for fix in driven[-4:]] == [True] * 4


@given(st.lists(st.tuples(METRES, METRES), min_size=2, max_size=40), st.data())
@settings(deadline=None, max_examples=150)
def test_any_way_with_room_has_two_stops(
    places: list[tuple[float, float]], data: st.DataObject
) -> None:
    seconds = data.draw(st.lists(SECONDS, min_size=len(places), max_size=len(places)))
    fixes = way(places, seconds)
    try:
        driven, stops = laid_along(fixes)
    except TrackUnusable:
        # Room is what a straight way of 300 m has, wherever the rest goes.
        assert max(between(fixes[0], fix) for fix in fixes) < 180 or travelled(fixes) < 300
    else:
        must_hold(fixes, driven, stops)


@given(st.floats(301, 200_000), st.integers(2, 200))
@settings(deadline=None, max_examples=80)
def test_every_straight_way_of_300_m_has_two_stops(metres: float, count: int) -> None:
    fixes = way([(metres * n / (count - 1), 0.0) for n in range(count)])
    must_hold(fixes, *laid_along(fixes))


@pytest.mark.parametrize(
    "places",
    [
        pytest.param([(0, 0), (2000, 0), (0, 0)], id="there and back"),
        pytest.param([(0, 0), (2000, 0)] * 4 + [(0, 0)], id="to and fro"),
        pytest.param([(0, 0), (1000, 0), (1000, 1000), (0, 1000), (0, 0)], id="round"),
        pytest.param([(0, 0)] * 500 + [(1500, 0)] * 500, id="long rests"),
        pytest.param([(0, 0), (800, 0), (0, 0), (-800, 0), (0, 0)], id="eight"),
    ],
)
def test_round_trips_end_elsewhere(places: list[tuple[float, float]]) -> None:
    fixes = way(places)
    must_hold(fixes, *laid_along(fixes))


@pytest.mark.parametrize("metres", [0, 10, 290])
def test_a_short_way_is_refused_with_its_length(metres: float) -> None:
    with pytest.raises(TrackUnusable, match=r"long; 300 m are needed"):
        laid_along(way([(0, 0), (metres, 0)]))


def test_standing_for_hours_is_no_way() -> None:
    """A phone that wanders about its owner's desk travels far and gets nowhere."""
    began = time.monotonic()
    with pytest.raises(TrackUnusable, match="no room for two stops"):
        laid_along(way([(n % 7 * 5.0, n % 5 * 5.0) for n in range(5000)]))
    assert time.monotonic() - began < 30


def test_the_built_in_way_is_the_same_everywhere() -> None:
    fixes = track.built_in(END)
    assert fixes == track.built_in(END)
    assert fixes[-1].at == END
    assert 3000 < travelled(fixes) < 6000
    must_hold(fixes, *laid_along(fixes))
    assert len(laid_along(fixes)[0]) == len(fixes) + 3  # nothing was added to it
