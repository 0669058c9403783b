"""All geofences of a tenant, found by where somebody is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from functions.geofencing.domain.areas import Area, Box, Point, area_of
from functions.geofencing.domain.fixes import milliseconds
from functions.geofencing.domain.geofence import Geofence


@dataclass(frozen=True)
class Fence:
    """A geofence as the engine sees it: `revision` of its shape, in force `since_ms`."""

    id: str
    revision: int
    since_ms: int
    area: Area


class Fences:
    """An R-tree over the fences' boxes: a way is asked only about the fences near it."""

    def __init__(self, fences: Iterable[Fence]) -> None:
        import shapely

        self._by_id = {fence.id: fence for fence in fences}
        boxed = [(box, fence.id) for fence in self._by_id.values() for box in fence.area.boxes()]
        self._ids = [fence_id for _, fence_id in boxed]
        self._tree = shapely.STRtree([shapely.box(*box) for box, _ in boxed])

    def get(self, fence_id: str) -> Fence | None:
        return self._by_id.get(fence_id)

    def __iter__(self) -> Iterator[Fence]:
        return iter(self._by_id.values())

    def near(self, ways: Sequence[tuple[Point, Point]]) -> list[set[str]]:
        """For each way from a point to a point, the ids of fences that it may touch."""
        import numpy
        import shapely

        found: list[set[str]] = [set() for _ in ways]
        if not ways or not self._ids:
            return found
        boxes = shapely.box(*numpy.asarray([_box_around(a, b) for a, b in ways]).T)
        for way, box in self._tree.query(boxes).T.tolist():
            found[way].add(self._ids[box])
        return found


def fences_of(geofences: Iterable[Geofence]) -> Fences:
    return Fences(
        Fence(each.id, each.shape_version, milliseconds(each.shaped_at), area_of(each.shape))
        for each in geofences
        if each.active
    )


def _box_around(a: Point, b: Point) -> Box:
    south, north = min(a[1], b[1]), max(a[1], b[1])
    if abs(a[0] - b[0]) > 180:  # over the 180th meridian, the box goes round the earth
        return -180.0, south, 180.0, north
    return min(a[0], b[0]), south, max(a[0], b[0]), north
