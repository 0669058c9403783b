"""Arrivals and departures: what counts as one, and when it was."""

import pytest

from functions.geofencing.domain.engine import ENTERED, EXITED, Evaluation, advanced
from functions.geofencing.domain.fences import Fence, Fences
from functions.geofencing.domain.shapes import Circle, Polygon
from tests.geofencing.ways import NOON_S, circle, fences, fix, kinds, seen, square

BOTH_SHAPES = pytest.mark.parametrize("shape", [circle(), square()], ids=["circle", "polygon"])


@BOTH_SHAPES
def test_driving_in_and_out_again_is_one_arrival_and_one_departure(shape: Circle) -> None:
    way = [fix(10 * n, -200 + 40 * n) for n in range(11)]
    found = seen(way, shape)

    assert kinds(found) == [ENTERED, EXITED]


@BOTH_SHAPES
def test_the_time_and_place_of_a_crossing_lie_on_the_boundary(shape: Circle) -> None:
    """At 4 m/s from -200 m the boundary at -50 m is met after 37.5 s, that at +50 m after 62.5."""
    entered, exited = seen([fix(10 * n, -200 + 40 * n) for n in range(11)], shape)

    assert entered.crossed_ms == pytest.approx((NOON_S + 37.5) * 1000, abs=50)
    assert exited.crossed_ms == pytest.approx((NOON_S + 62.5) * 1000, abs=50)
    assert entered.fix_ms == (NOON_S + 40) * 1000
    assert fences(shape).get("f0") is not None
    area = next(iter(fences(shape))).area
    assert area.metres_outside((entered.longitude, entered.latitude)) == pytest.approx(0, abs=0.1)
    assert area.metres_outside((exited.longitude, exited.latitude)) == pytest.approx(0, abs=0.1)


def test_one_fix_inside_that_may_be_wrong_is_no_arrival() -> None:
    assert seen([fix(0, -60), fix(10, -45, accuracy_m=20), fix(20, -60)], circle()) == []
    there_and_back = [fix(0, -80), fix(10, -45, accuracy_m=20), fix(20, -82)]
    assert seen(there_and_back, circle()) == []


def test_one_fix_deeper_inside_than_it_may_be_wrong_is_an_arrival() -> None:
    assert kinds(seen([fix(0, 0, accuracy_m=20)], circle())) == [ENTERED]


def test_two_fixes_barely_inside_are_an_arrival_at_the_first() -> None:
    entered, *more = seen([fix(0, 48), fix(10, 47)], circle())

    assert not more
    assert entered.fix_ms == NOON_S * 1000


def test_vague_fixes_neither_confirm_nor_interrupt() -> None:
    way = [fix(0, 45), fix(5, 500, accuracy_m=51), fix(10, 44)]

    assert kinds(seen(way, circle())) == [ENTERED]
    assert seen([fix(0, 0, accuracy_m=50.1), fix(5, 0, accuracy_m=60)], circle()) == []


def test_outside_by_less_than_the_margin_is_no_departure() -> None:
    inside = [fix(0, 0)]
    near = [fix(10 * n, 50 + 9.5 + 2.5 * 8) for n in range(1, 10)]
    far = [fix(10 * n, 50 + 10.5 + 2.5 * 8) for n in range(1, 10)]

    assert kinds(seen(inside + near, circle())) == [ENTERED]
    assert kinds(seen(inside + far, circle())) == [ENTERED, EXITED]


def test_a_departure_needs_two_fixes_and_is_at_the_first() -> None:
    one_jump = [fix(0, 0), fix(10, 90), fix(20, 0), fix(30, 90), fix(40, 0)]
    away = [fix(0, 0), fix(10, 90), fix(20, 130)]

    assert kinds(seen(one_jump, circle())) == [ENTERED]
    assert kinds(seen(away, circle())) == [ENTERED, EXITED]
    assert seen(away, circle())[1].fix_ms == (NOON_S + 10) * 1000


@BOTH_SHAPES
@pytest.mark.parametrize("speed_kmh", [50, 90, 120])
def test_a_place_driven_through_between_two_fixes_is_entered_and_left(
    shape: Circle, speed_kmh: int
) -> None:
    step_m = speed_kmh / 3.6 * 30
    entered, exited = seen([fix(0, -step_m / 2, 20), fix(30, step_m / 2, 20)], shape)

    assert (entered.kind, exited.kind) == (ENTERED, EXITED)
    assert NOON_S * 1000 < entered.crossed_ms < exited.crossed_ms < (NOON_S + 30) * 1000


def test_a_single_vague_fix_inside_counts_when_reached_and_left_by_driving() -> None:
    way = [fix(0, -250), fix(10, 20, accuracy_m=45), fix(20, 290)]

    assert kinds(seen(way, circle())) == [ENTERED, EXITED]


def test_a_way_past_the_place_is_no_arrival() -> None:
    assert seen([fix(0, -250, 60), fix(30, 250, 60)], circle(), square(north_m=500)) == []


def test_nothing_is_known_of_the_way_over_a_long_gap() -> None:
    assert seen([fix(0, -250), fix(301, 250)], circle()) == []
    assert kinds(seen([fix(0, -250), fix(300, 250)], circle())) == [ENTERED, EXITED]


def test_a_fix_that_jumped_faster_than_any_vehicle_crosses_nothing() -> None:
    assert seen([fix(0, -5000), fix(10, 5000)], circle()) == []


def test_jitter_around_a_small_place_is_no_visit() -> None:
    """Both fixes outside, the line between them through it, and less moved than may be wrong."""
    assert seen([fix(0, -12, accuracy_m=15), fix(10, 12, accuracy_m=15)], circle(radius_m=10)) == []


def test_two_fixes_of_the_same_moment_are_no_way() -> None:
    assert seen([fix(0, -250), fix(0, 250)], circle()) == []


def test_overlapping_places_are_each_entered() -> None:
    found = seen([fix(0, 0), fix(10, 0)], circle(), square(), circle(east_m=1000))

    assert {each.geofence_id for each in found} == {"f0", "f1"}


def test_fixes_from_before_a_place_had_its_shape_do_not_count() -> None:
    plain = next(iter(fences(circle())))
    later = Fences([Fence("home", 1, (NOON_S + 15) * 1000, plain.area)])

    assert advanced(Evaluation(), [fix(0, 0), fix(10, 0)], later)[1] == []
    _, found = advanced(Evaluation(), [fix(0, 0), fix(10, 0), fix(20, 0)], later)
    assert [each.fix_ms for each in found] == [(NOON_S + 20) * 1000]


def test_no_fixes_and_no_places_are_nothing() -> None:
    start = Evaluation()

    assert advanced(start, [], fences(circle())) == (start, [])
    assert advanced(start, [fix(0, 0)], Fences([]))[1] == []
    only_vague, found = advanced(start, [fix(0, 0, accuracy_m=90)], fences(circle()))
    assert (only_vague.last, found) == (None, [])


def test_a_hole_is_outside() -> None:
    outline, hole = square(half_m=200), square(half_m=100)
    ring = Polygon(type="polygon", coordinates=(*outline.coordinates, *hole.coordinates))

    assert seen([fix(0, 0), fix(10, 0)], ring) == []
    assert kinds(seen([fix(0, 150), fix(10, 150)], ring)) == [ENTERED]
