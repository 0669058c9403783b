"""Functions on GeoJSON in WGS 84: distances on a sphere, relations in the plane of degrees."""

import math
from collections.abc import Callable
from itertools import pairwise

from local.cosmos.query.functions.registry import function
from local.cosmos.query.values import UNDEFINED
from local.cosmos.wire import Value

_EARTH_RADIUS_M = 6_371_008.8


@function("ST_DISTANCE", 2)
def st_distance(left: Value, right: Value) -> Value:
    """Haversine between points; otherwise between the nearest points of the two shapes."""
    first, second = _shape(left), _shape(right)
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
    shape = _shape(value)
    return shape is not None and bool(shape.is_valid)


@function("ST_AREA", 1)
def st_area(value: Value) -> Value:
    """Square metres of a polygon, by the spherical excess of its rings."""
    if _shape(value) is None or value["type"] != "Polygon":
        return UNDEFINED
    outer, *holes = (_ring_area_m2(ring) for ring in value["coordinates"])
    return outer - sum(holes)


def _related(left: Value, right: Value, ask: Callable[[Value, Value], Value]) -> Value:
    first, second = _shape(left), _shape(right)
    if first is None or second is None:
        return UNDEFINED
    return bool(ask(first, second))


def _shape(value: Value) -> Value:
    """A shapely geometry, or None where `value` is none. Shapely loads with the first one."""
    if not isinstance(value, dict) or "type" not in value or "coordinates" not in value:
        return None
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    try:
        geometry = shape(value)
    except (ShapelyError, ValueError, TypeError, AttributeError, IndexError, KeyError):
        return None
    return None if geometry.is_empty else geometry


def _haversine_m(start: tuple[float, float], end: tuple[float, float]) -> float:
    lon1, lat1, lon2, lat2 = map(math.radians, (*start, *end))
    chord = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def _ring_area_m2(ring: list[list[float]]) -> float:
    total = 0.0
    for (lon1, lat1, *_), (lon2, lat2, *_) in pairwise(ring):
        total += math.radians(lon2 - lon1) * (
            2 + math.sin(math.radians(lat1)) + math.sin(math.radians(lat2))
        )
    return abs(total) * _EARTH_RADIUS_M**2 / 2
