"""Which shapes are taken, and what is said of those that are not."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from functions.geofencing.domain.refusals import (
    ContainsPole,
    CrossesAntimeridian,
    InvalidPolygon,
    SelfIntersectingPolygon,
    TooManyPoints,
)
from functions.geofencing.domain.shapes import Circle, Polygon, checked
from shared.errors import Invalid
from tests.geofencing.ways import star

Ring = list[tuple[float, float]]


def polygon(*rings: Ring) -> Polygon:
    return Polygon.model_validate({"type": "polygon", "coordinates": rings})


def test_a_ring_is_closed_where_it_is_not() -> None:
    taken = checked(polygon([(0, 0), (1, 0), (0, 1)]))

    assert isinstance(taken, Polygon)
    assert taken.coordinates[0][-1] == taken.coordinates[0][0]
    assert checked(taken) == taken


def test_a_circle_is_taken_as_it_is_even_at_a_pole() -> None:
    pole = Circle(type="circle", center=(0, 90), radius_m=100_000)

    assert checked(pole) is pole
    assert pole.middle == (0, 90)


def test_a_bow_tie_is_refused_with_the_place_where_it_crosses() -> None:
    with pytest.raises(SelfIntersectingPolygon, match=r"0\.5, 0\.5") as refused:
        checked(polygon([(0, 0), (1, 1), (1, 0), (0, 1)]))
    assert refused.value.more == {"at": [0.5, 0.5]}


def test_a_ring_that_touches_itself_is_refused() -> None:
    with pytest.raises(SelfIntersectingPolygon):
        checked(polygon([(0, 0), (10, 0), (10, 10), (5, 0), (0, 10)]))


def test_a_hole_outside_is_refused() -> None:
    with pytest.raises(InvalidPolygon, match="Hole lies outside shell"):
        checked(polygon([(0, 0), (1, 0), (1, 1), (0, 1)], [(2, 2), (3, 2), (3, 3)]))


@pytest.mark.parametrize("ring", [[(0, 0), (0, 0), (0, 0)], [(0, 0), (1, 1), (0, 0)]])
def test_points_that_repeat_make_no_ring(ring: Ring) -> None:
    with pytest.raises(InvalidPolygon, match="3 different points"):
        checked(polygon(ring))


def test_points_in_a_line_make_no_area() -> None:
    with pytest.raises(Invalid):
        checked(polygon([(0, 0), (1, 1), (2, 2)]))


def test_two_thousand_points_are_taken_and_one_more_is_not() -> None:
    checked(star(1999, 500))  # closed, 2000
    with pytest.raises(TooManyPoints, match="2001"):
        checked(star(2000, 500))


@pytest.mark.parametrize(
    "ring",
    [
        [(179, -17), (-179, -17), (-179, -16), (179, -16)],
        [(-180, -10), (180, -10), (180, 10), (-180, 10)],
    ],
)
def test_a_polygon_over_the_180th_meridian_is_refused(ring: Ring) -> None:
    with pytest.raises(CrossesAntimeridian, match="two geofences"):
        checked(polygon(ring))


@pytest.mark.parametrize(
    "ring",
    [
        [(-120, 80), (0, 80), (120, 80)],
        [(120, -80), (0, -80), (-120, -80)],
        [(0, 80), (10, 80), (5, 90)],
    ],
)
def test_a_polygon_around_or_at_a_pole_is_refused(ring: Ring) -> None:
    with pytest.raises(ContainsPole):
        checked(polygon(ring))


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "polygon", "coordinates": []},
        {"type": "polygon", "coordinates": [[(0, 0), (1, 0)]]},
        {"type": "polygon", "coordinates": [[(0, 0), (181, 0), (0, 1)]]},
        {"type": "polygon", "coordinates": [[(0, 0), (1, 90.1), (0, 1)]]},
        {"type": "polygon", "coordinates": [[(0, 0), (1, float("nan")), (0, 1)]]},
        {"type": "polygon", "coordinates": [[(0, 0, 7), (1, 1, 7), (0, 1, 7)]]},
    ],
)
def test_coordinates_that_are_none_are_refused_before_anything_else(shape: object) -> None:
    with pytest.raises(ValidationError):
        Polygon.model_validate(shape)


@pytest.mark.parametrize("radius_m", [9.9, 100_000.1, float("inf"), float("nan")])
def test_a_radius_has_bounds(radius_m: float) -> None:
    with pytest.raises(ValidationError):
        Circle(type="circle", center=(0, 0), radius_m=radius_m)


def test_the_middle_of_a_horseshoe_is_in_it() -> None:
    shoe = polygon([(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)])
    lon, lat = shoe.middle

    assert not (1 < lon < 2 and lat > 1)


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=3, max_size=8))
def test_whatever_the_points_they_are_taken_or_refused_in_words(ring: Ring) -> None:
    with suppress(Invalid):  # anything else would be a crash
        lon, lat = checked(polygon(ring)).middle
        assert -180 <= lon <= 180
        assert -90 <= lat <= 90
