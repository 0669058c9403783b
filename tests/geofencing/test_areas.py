"""Distances and crossings against independent answers, at any latitude."""

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.geofencing.domain.areas import CircleArea, Point, area_of
from functions.geofencing.domain.fences import Fence, Fences
from functions.geofencing.domain.geodesy import along, metres_per_degree
from functions.geofencing.domain.shapes import Circle, Polygon
from tests.geofencing.ways import circle, fence, point, square, star

centres = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def away(centre: Point, azimuth_deg: float, distance_m: float) -> Point:
    found = Geodesic.WGS84.Direct(centre[1], centre[0], azimuth_deg, distance_m)
    return found["lon2"], found["lat2"]


@settings(deadline=None)
@given(centres, st.floats(0, 360), st.floats(10, 100_000), st.floats(0, 3))
def test_a_circle_is_geodesic_everywhere_on_earth(
    centre: Point, azimuth_deg: float, radius_m: float, share: float
) -> None:
    """At the poles and across ±180 degrees too."""
    area = CircleArea(Circle(type="circle", center=centre, radius_m=radius_m))
    there = away(centre, azimuth_deg, radius_m * share)
    told = area.metres_outside(there)
    truly = radius_m * share - radius_m

    if abs(truly) > 0.001:
        assert (told > 0) == (truly > 0)
    exact = abs(truly) < 60  # where a decision may hang on it
    assert told == pytest.approx(truly, abs=0.001 + (0 if exact else 0.007 * radius_m * share))


@settings(deadline=None)
@given(centres, st.floats(0, 360), st.floats(10, 100_000), st.floats(0, 0.999))
def test_an_index_finds_every_circle_that_holds_a_point(
    centre: Point, azimuth_deg: float, radius_m: float, share: float
) -> None:
    shape = Circle(type="circle", center=centre, radius_m=radius_m)
    there = away(centre, azimuth_deg, radius_m * share)

    assert Fences([fence(shape)]).near([(there, there)]) == [{"home"}]


@pytest.mark.parametrize("lon", [179.999, -179.999])
def test_a_circle_over_the_180th_meridian_is_found_from_both_sides(lon: float) -> None:
    places = Fences([fence(Circle(type="circle", center=(lon, -17), radius_m=1000))])

    for there in (179.998, -179.998):
        assert places.near([((there, -17), (there, -17))]) == [{"home"}]
    assert places.near([((0, -17), (0, -17))]) == [set()]


def test_a_circle_at_a_pole_is_found_from_every_longitude() -> None:
    places = Fences([fence(Circle(type="circle", center=(0, 89.9), radius_m=50_000))])

    assert places.near([((180, 89.9), (180, 89.9))]) == [{"home"}]


@settings(deadline=None)
@given(st.floats(-300, 300), st.floats(-300, 300))
def test_a_polygon_measures_metres_to_its_nearest_edge(east_m: float, north_m: float) -> None:
    """Of a square it is plain geometry."""
    told = area_of(square(half_m=100)).metres_outside(point(east_m, north_m))
    beyond = (max(abs(east_m) - 100, 0), max(abs(north_m) - 100, 0))
    outside_m = (beyond[0] ** 2 + beyond[1] ** 2) ** 0.5
    truly = outside_m or max(abs(east_m), abs(north_m)) - 100

    assert told == pytest.approx(truly, abs=0.05)


def test_the_boundary_is_inside() -> None:
    triangle = Polygon(type="polygon", coordinates=(((0, 0), (2, 0), (0, 2), (0, 0)),))

    assert area_of(triangle).metres_outside((1, 0)) <= 0
    assert area_of(triangle).metres_outside((2, 0)) <= 0
    assert area_of(triangle).metres_outside((1, -1e-7)) > 0


@pytest.mark.parametrize(
    "shape", [circle(), square(), star(31, 60)], ids=["circle", "square", "star"]
)
def test_a_crossing_begins_and_ends_on_the_boundary(shape: Circle | Polygon) -> None:
    area = area_of(shape)
    a, b = point(-150, 5), point(170, -8)
    found = area.crossing(a, b)

    assert found is not None
    for fraction in found:
        assert area.metres_outside(along(a, b, fraction)) == pytest.approx(0, abs=0.05)
    assert area.metres_outside(along(a, b, sum(found) / 2)) < 0


@pytest.mark.parametrize("shape", [circle(), square()], ids=["circle", "square"])
def test_a_way_that_begins_or_ends_inside_crosses_once(shape: Circle | Polygon) -> None:
    area = area_of(shape)
    inside, outside = point(0, 0), point(300, 0)

    assert area.crossing(inside, outside) == pytest.approx((0, 1 / 6), abs=1e-3)
    assert area.crossing(outside, inside) == pytest.approx((5 / 6, 1), abs=1e-3)
    assert area.crossing(inside, point(10, 0)) == (0.0, 1.0)
    assert area.crossing(outside, point(400, 0)) is None


def test_a_way_over_the_180th_meridian_takes_the_short_side() -> None:
    fiji = CircleArea(Circle(type="circle", center=(180, -17), radius_m=500))
    found = fiji.crossing((179.99, -17), (-179.99, -17))

    assert found is not None
    assert sum(found) / 2 == pytest.approx(0.5, abs=1e-6)
    near_zero = Polygon(type="polygon", coordinates=(((-1, -18), (1, -18), (0, -16), (-1, -18)),))
    assert area_of(near_zero).crossing((179.99, -17), (-179.99, -17)) is None
    assert Fences([Fence("fiji", 1, 0, fiji)]).near([((179.99, -17), (-179.99, -17))]) == [{"fiji"}]


def test_the_point_half_way_over_the_180th_meridian() -> None:
    assert along((179, 10), (-179, 12), 0.5) == (-180, 11)


@pytest.mark.parametrize(
    ("lat", "lon_m", "lat_m"),
    [(0, 111_319.5, 110_574.3), (52, 68_677.8, 111_264.9), (89, 1_949.4, 111_693.9)],
)
def test_metres_per_degree(lat: float, lon_m: float, lat_m: float) -> None:
    """Against Karney's geodesics over a small step."""
    step = 1e-4
    line = Geodesic.WGS84.Inverse(lat, 0, lat, step)["s12"] / step
    up = Geodesic.WGS84.Inverse(lat - step / 2, 0, lat + step / 2, 0)["s12"] / step

    told = list(metres_per_degree(lat))
    assert told == pytest.approx([line, up], rel=1e-4)
    assert told == pytest.approx([lon_m, lat_m], rel=1e-3)


def test_what_is_not_near_is_not_asked() -> None:
    places = Fences([fence(circle(), "here"), fence(square(east_m=5000), "there")])

    assert places.near([]) == []
    assert places.near([(point(0, 0), point(1, 1)), (point(2000, 0), point(2100, 0))]) == [
        {"here"},
        set(),
    ]
    assert Fences([]).near([(point(0, 0), point(0, 0))]) == [set()]


def test_a_boundary_just_grazed_is_found() -> None:
    """False position then comes from both sides."""
    wide = CircleArea(circle(radius_m=100))
    found = wide.crossing(point(-4000, 99.5), point(4000, 99.5))

    assert found is not None
    half_chord_m = (100**2 - 99.5**2) ** 0.5
    assert (found[1] - found[0]) * 8000 == pytest.approx(2 * half_chord_m, abs=1)
