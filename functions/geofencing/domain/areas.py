"""Shapes made ready to be asked: how far is a point, and where does a way cross."""

from collections.abc import Callable
from typing import Any, Protocol

from functions.geofencing.domain.geodesy import (
    along,
    haversine_m,
    metres_from_circle,
    metres_per_degree,
)
from functions.geofencing.domain.shapes import Circle, Polygon

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Interval = tuple[float, float]
NEAREST_STEPS = 40  # each keeps two thirds of a way of up to 27 km: to less than a centimetre
EDGE_STEPS = 24  # some six are enough
EDGE_M = 0.01


class Area(Protocol):
    """An area of the earth. The boundary is inside."""

    def metres_outside(self, point: Point) -> float:
        """The distance to the boundary; negative inside."""
        ...

    def crossing(self, a: Point, b: Point) -> Interval | None:
        """From which to which fraction of the way from `a` to `b` it is inside."""
        ...

    def boxes(self) -> list[Box]:
        """Boxes (west, south, east, north) that together hold all of it."""
        ...


class CircleArea:
    """Always by distance, never as a polygon: right at any latitude and across ±180 degrees."""

    def __init__(self, circle: Circle) -> None:
        self._centre = circle.center
        self._radius_m = circle.radius_m

    def metres_outside(self, point: Point) -> float:
        return metres_from_circle(self._centre, self._radius_m, *point)

    def crossing(self, a: Point, b: Point) -> Interval | None:
        def outside(fraction: float) -> float:
            return self.metres_outside(along(a, b, fraction))

        nearest = _lowest(lambda part: haversine_m(*self._centre, *along(a, b, part)))
        if outside(nearest) > 0:
            return None
        enters = 0.0 if outside(0) <= 0 else _edge(outside, 0, nearest)
        leaves = 1.0 if outside(1) <= 0 else _edge(outside, 1, nearest)
        return enters, leaves

    def boxes(self) -> list[Box]:
        lon, lat = self._centre
        lat_reach = 1.01 * self._radius_m / metres_per_degree(lat)[1]
        south, north = max(-90.0, lat - lat_reach), min(90.0, lat + lat_reach)
        furthest = max(abs(south), abs(north))
        if furthest > 89:  # around a pole every longitude may be reached
            return [(-180.0, south, 180.0, north)]
        lon_reach = 1.01 * self._radius_m / metres_per_degree(furthest)[0]
        west, east = lon - lon_reach, lon + lon_reach
        boxes = [(max(west, -180.0), south, min(east, 180.0), north)]
        if west < -180:
            boxes.append((west + 360, south, 180.0, north))
        if east > 180:
            boxes.append((-180.0, south, east - 360, north))
        return boxes


class PolygonArea:
    """On the map as a plane, as RFC 7946 has it; distances in metres around the point asked."""

    def __init__(self, polygon: Polygon) -> None:
        import numpy
        import shapely

        outline, *holes = polygon.coordinates
        self._area = shapely.Polygon(outline, holes)
        shapely.prepare(self._area)
        rings = [numpy.asarray(ring, dtype=float) for ring in polygon.coordinates]
        self._starts: Any = numpy.concatenate([ring[:-1] for ring in rings])
        self._ends: Any = numpy.concatenate([ring[1:] for ring in rings])

    def metres_outside(self, point: Point) -> float:
        import numpy
        import shapely

        scale = numpy.asarray(metres_per_degree(point[1]))
        starts, ends = (self._starts - point) * scale, (self._ends - point) * scale
        ways = ends - starts
        lengths = numpy.maximum((ways * ways).sum(axis=1), 1e-12)
        parts = numpy.clip(-(starts * ways).sum(axis=1) / lengths, 0, 1)
        nearest = starts + ways * parts[:, None]
        distance_m = float(numpy.sqrt((nearest * nearest).sum(axis=1).min()))
        return -distance_m if shapely.intersects_xy(self._area, *point) else distance_m

    def crossing(self, a: Point, b: Point) -> Interval | None:
        import numpy
        import shapely

        if abs(b[0] - a[0]) > 180:  # polygons stay on one side of the 180th meridian
            return None
        inside = shapely.intersection(shapely.LineString([a, b]), self._area)
        if inside.is_empty:
            return None
        way = numpy.subtract(b, a)
        fractions = (shapely.get_coordinates(inside) - a) @ way / max(float(way @ way), 1e-30)
        return float(max(fractions.min(), 0.0)), float(min(fractions.max(), 1.0))

    def boxes(self) -> list[Box]:
        west, south, east, north = self._area.bounds
        return [(west, south, east, north)]


def area_of(shape: Circle | Polygon) -> Area:
    return CircleArea(shape) if isinstance(shape, Circle) else PolygonArea(shape)


def _lowest(value: Callable[[float], float]) -> float:
    """Where a value that falls and then rises is lowest, between 0 and 1."""
    low, high = 0.0, 1.0
    for _ in range(NEAREST_STEPS):
        third = (high - low) / 3
        if value(low + third) <= value(high - third):
            high -= third
        else:
            low += third
    return (low + high) / 2


def _edge(outside: Callable[[float], float], out: float, inside: float) -> float:
    """The boundary between a fraction outside and one inside: false position, Illinois variant."""
    far, near, kept = outside(out), outside(inside), 0
    middle, value, steps = inside, near or EDGE_M, 0
    while abs(value) >= EDGE_M and steps < EDGE_STEPS:
        middle = (out * near - inside * far) / (near - far)
        value = outside(middle)
        steps += 1
        if value > 0:
            out, far, near = middle, value, near / 2 if kept > 0 else near
            kept = 1
        else:
            inside, near, far = middle, value, far / 2 if kept < 0 else far
            kept = -1
    return middle
