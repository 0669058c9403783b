"""Functions on GeoJSON in WGS 84: distances on a sphere, relations in the plane of degrees."""

import math
from collections.abc import Callable
from itertools import pairwise

from local.cosmos.query.functions.geometries import Geometry, invalidity, shape_of
from local.cosmos.query.functions.registry import function
from local.cosmos.query.values import UNDEFINED
from local.cosmos.wire import Value

_EARTH_RADIUS_M = 6_371_008.8


@function("ST_DISTANCE", 2)
def st_distance(left: Value, right: Value) -> Value:
    """Haversine between points; otherwise between the nearest points of the two shapes."""
    first, second = shape_of(left), shape_of(right)
    if first is None or second is None:
        return UNDEFINED
    from shapely.ops import nearest_points

    nearest, opposite = nearest_points(first, second)
    return _haversine_m((nearest.x, nearest.y), (opposite.x, opposite.y))


@function("ST_WITHIN", 2)
def st_within(inner: Value, outer: Value) -> Value:
    return _related(inner, outer, lambda first, second: first.within(second))


@function("ST_INTERSECTS", 2)
def st_intersects(left: Value, right: Value) -> Value:
    return _related(left, right, lambda first, second: first.intersects(second))


@function("ST_ISVALID", 1, sees_undefined=True)
def st_is_valid(value: Value) -> Value:
    return invalidity(value) is None


@function("ST_ISVALIDDETAILED", 1, sees_undefined=True)
def st_is_valid_detailed(value: Value) -> Value:
    reason = invalidity(value)
    return {"valid": True} if reason is None else {"valid": False, "reason": reason}


@function("ST_AREA", 1)
def st_area(value: Value) -> Value:
    """Square metres of a polygon or several, by the spherical excess of their rings."""
    if shape_of(value) is None:
        return UNDEFINED
    if value["type"] == "Polygon":
        return _area_m2(value["coordinates"])
    if value["type"] == "MultiPolygon":
        return math.fsum(map(_area_m2, value["coordinates"]))
    return 0


def _related(left: Value, right: Value, ask: Callable[[Geometry, Geometry], Value]) -> Value:
    first, second = shape_of(left), shape_of(right)
    if first is None or second is None:
        return UNDEFINED
    return bool(ask(first, second))


def _haversine_m(start: tuple[float, float], end: tuple[float, float]) -> float:
    lon1, lat1, lon2, lat2 = map(math.radians, (*start, *end))
    chord = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def _area_m2(rings: list[list[list[float]]]) -> float:
    outer, *holes = map(_ring_area_m2, rings)
    return outer - math.fsum(holes)


def _ring_area_m2(ring: list[list[float]]) -> float:
    total = 0.0
    for (lon1, lat1, *_), (lon2, lat2, *_) in pairwise(ring):
        total += math.radians(lon2 - lon1) * (
            2 + math.sin(math.radians(lat1)) + math.sin(math.radians(lat2))
        )
    return abs(total) * _EARTH_RADIUS_M**2 / 2
