"""Ways on the ground, in metres and seconds around a point in Berlin."""

from collections.abc import Iterable
from math import cos, radians, sin

from functions.geofencing.domain.areas import area_of
from functions.geofencing.domain.engine import Evaluation as Start
from functions.geofencing.domain.engine import Transition, advanced
from functions.geofencing.domain.fences import Fence, Fences
from functions.geofencing.domain.fixes import Fix
from functions.geofencing.domain.geodesy import metres_per_degree
from functions.geofencing.domain.shapes import Circle, Polygon

CENTRE = (13.405, 52.52)
NOON_S = 1_800_000_000


def point(east_m: float, north_m: float) -> tuple[float, float]:
    lon_m, lat_m = metres_per_degree(CENTRE[1])
    return CENTRE[0] + east_m / lon_m, CENTRE[1] + north_m / lat_m


def fix(at_s: float, east_m: float, north_m: float = 0, accuracy_m: float = 8) -> Fix:
    lon, lat = point(east_m, north_m)
    return Fix(
        round((NOON_S + at_s) * 1000), round(lon * 1e7), round(lat * 1e7), round(accuracy_m * 10)
    )


def circle(east_m: float = 0, north_m: float = 0, radius_m: float = 50) -> Circle:
    return Circle(type="circle", center=point(east_m, north_m), radius_m=radius_m)


def square(east_m: float = 0, north_m: float = 0, half_m: float = 50) -> Polygon:
    corners = [(-half_m, -half_m), (half_m, -half_m), (half_m, half_m), (-half_m, half_m)]
    ring = [point(east_m + x, north_m + y) for x, y in [*corners, corners[0]]]
    return Polygon(type="polygon", coordinates=(tuple(ring),))


def star(vertices: int, radius_m: float) -> Polygon:
    ring = [
        point(
            (radius_m if number % 2 else radius_m / 2) * cos(radians(360 * number / vertices)),
            (radius_m if number % 2 else radius_m / 2) * sin(radians(360 * number / vertices)),
        )
        for number in range(vertices)
    ]
    return Polygon(type="polygon", coordinates=((*ring, ring[0]),))


def fence(shape: Circle | Polygon, fence_id: str = "home", revision: int = 1) -> Fence:
    return Fence(fence_id, revision, 0, area_of(shape))


def fences(*shapes: Circle | Polygon) -> Fences:
    """Named f0, f1, ..."""
    return Fences(fence(shape, f"f{number}") for number, shape in enumerate(shapes))


def seen(fixes: Iterable[Fix], *shapes: Circle | Polygon) -> list[Transition]:
    return advanced(Start(), list(fixes), fences(*shapes))[1]


def kinds(transitions: Iterable[Transition]) -> list[str]:
    return [transition.kind for transition in transitions]
