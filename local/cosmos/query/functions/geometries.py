"""GeoJSON values to shapely's geometries, and what is wrong with those that are none."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from local.cosmos.query.values import is_number
from local.cosmos.wire import Value, canonical, decode

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    Geometry = BaseGeometry
else:
    Geometry = Any  # shapely loads with the first geometry

# How deeply the positions of each type are nested.
_DEPTHS = {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiPolygon": 3}
_NO_GEOJSON = "The value is not a valid GeoJSON object."


def shape_of(value: Value) -> Geometry | None:
    """The geometry, or None where `value` is none that counts: in queries that is undefined."""
    return None if _wrong(value) else _built(canonical(value))[0]


def invalidity(value: Value) -> str | None:
    """Why `value` is no valid geometry; None where it is one."""
    return _wrong(value) or _built(canonical(value))[1]


def _wrong(value: Value) -> str | None:
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return _NO_GEOJSON
    depth = _DEPTHS.get(value["type"])
    if depth is None or not isinstance(value.get("coordinates"), list):
        return _NO_GEOJSON
    return _wrong_positions(value["coordinates"], depth)


def _wrong_positions(coordinates: Value, depth: int) -> str | None:
    if not isinstance(coordinates, list):
        return _NO_GEOJSON
    if depth:
        found = (_wrong_positions(each, depth - 1) for each in coordinates)
        return next(filter(None, found), None)
    if not 2 <= len(coordinates) <= 3 or not all(map(is_number, coordinates)):
        return _NO_GEOJSON
    longitude, latitude, *_ = coordinates
    if not -90 <= latitude <= 90:
        return "Latitude values must be between -90 and 90 degrees."
    if not -180 <= longitude <= 180:
        return "Longitude values must be between -180 and 180 degrees."
    return None


@lru_cache(maxsize=1000)
def _built(written: str) -> tuple[Geometry | None, str | None]:
    """The geometry where it is valid, and otherwise the reason. Cached: queries repeat theirs."""
    from shapely import force_2d
    from shapely.errors import ShapelyError
    from shapely.geometry import shape
    from shapely.validation import explain_validity

    try:
        geometry = force_2d(shape(decode(written)))
    except (ShapelyError, ValueError, TypeError, AttributeError, IndexError, KeyError):
        return None, _NO_GEOJSON
    if geometry.is_empty:
        return None, _NO_GEOJSON
    if not geometry.is_valid:
        return None, explain_validity(geometry)
    return geometry, None
