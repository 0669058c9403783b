"""The shapes a geofence may have: a geodesic circle, or a GeoJSON polygon with holes."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from functions.geofencing.domain.refusals import (
    ContainsPole,
    CrossesAntimeridian,
    InvalidPolygon,
    SelfIntersectingPolygon,
    TooManyPoints,
)
from shared.model import Model

MAX_POINTS = 2000
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Position = tuple[Longitude, Latitude]
Ring = Annotated[tuple[Position, ...], Field(min_length=3)]
WHERE = re.compile(r"^(.*?)\[(\S+) (\S+)\]$")


class Circle(Model):
    """All points at most `radius_m` from the centre, measured on the WGS 84 ellipsoid."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["circle"]
    center: Position = Field(description="[longitude, latitude]", examples=[[13.405, 52.52]])
    radius_m: float = Field(ge=10, le=100_000, allow_inf_nan=False)

    @property
    def middle(self) -> tuple[float, float]:
        return self.center


class Polygon(Model):
    """GeoJSON rings: the outline, then its holes. Edges are straight lines on the map (RFC 7946).

    A ring whose last point is not its first is closed by us. The boundary belongs to the polygon.
    It may neither cross the 180th meridian nor contain a pole; a circle may.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["polygon"]
    coordinates: tuple[Ring, ...] = Field(
        min_length=1,
        description="Rings of [longitude, latitude]: the outline, then its holes.",
        examples=[[[[13.40, 52.51], [13.42, 52.51], [13.41, 52.53], [13.40, 52.51]]]],
    )

    @property
    def middle(self) -> tuple[float, float]:
        """A point that is surely inside, also where the polygon is bent like a horseshoe."""
        from shapely import Polygon as Area

        outline, *holes = self.coordinates
        point = Area(outline, holes).representative_point()
        return round(point.x, 7), round(point.y, 7)


Shape = Annotated[Circle | Polygon, Field(discriminator="type")]


def checked(shape: Circle | Polygon) -> Circle | Polygon:
    """The shape as it is kept, its rings closed.

    Raises TooManyPoints, CrossesAntimeridian, ContainsPole, SelfIntersectingPolygon or
    InvalidPolygon.
    """
    if isinstance(shape, Circle):
        return shape
    rings = tuple(_closed(ring) for ring in shape.coordinates)
    points = sum(len(ring) for ring in rings)
    if points > MAX_POINTS:
        raise TooManyPoints(f"The polygon has {points} points; at most {MAX_POINTS} are taken.")
    for ring in rings:
        _must_be_plain(ring)
    _must_be_valid(rings)
    return shape.model_copy(update={"coordinates": rings})


def _closed(ring: Sequence[Position]) -> tuple[Position, ...]:
    closed = tuple(ring) if ring[0] == ring[-1] else (*ring, ring[0])
    if len(set(closed)) < 3:
        raise InvalidPolygon("A ring needs at least 3 different points.", at=list(ring[0]))
    return closed


def _must_be_plain(ring: Sequence[Position]) -> None:
    """On the map as a plane, a ring around a pole or over the 180th meridian is another area."""
    if any(abs(lat) == 90 for _, lat in ring):
        raise ContainsPole("A polygon may not touch a pole; use a circle there.")
    steps = [b[0] - a[0] for a, b in pairwise(ring)]
    if all(abs(step) <= 180 for step in steps):
        return
    turned = sum((step + 180) % 360 - 180 for step in steps)
    if abs(turned) > 180:
        raise ContainsPole("The ring goes round a pole; use a circle there.")
    raise CrossesAntimeridian(
        "An edge spans more than 180 degrees of longitude: the polygon crosses the 180th "
        "meridian. Make two geofences, one on each side, or use a circle."
    )


def _must_be_valid(rings: Sequence[Sequence[Position]]) -> None:
    from shapely import Polygon as Area
    from shapely.validation import explain_validity

    area = Area(rings[0], rings[1:])
    if area.is_valid:
        return
    match = WHERE.match(explain_validity(area))
    reason, at = (match[1], [float(match[2]), float(match[3])]) if match else ("Not valid", None)
    if "self-intersection" in reason.lower():
        raise SelfIntersectingPolygon(f"The polygon's lines cross or touch at {at}.", at=at)
    raise InvalidPolygon(f"The rings make no polygon: {reason} at {at}.", at=at)
