"""The geofencing engine with an index, beside a linear scan over every geofence's box.

    python -m benchmarks.geofencing [--fences 10000] [--seconds 3]

Two thousand drivers in forty towns among 10 000 geofences, half circles and half stars of 5 to 64
points. Both sides fold the same fixes with the same rules; the found events must be the same. Each
side runs for at most the given seconds, on one core.
"""

import argparse
import random
import time
from collections.abc import Iterable, Sequence
from math import cos, exp, log, pi, radians, sin

from functions.geofencing.domain.areas import Point, area_of
from functions.geofencing.domain.engine import Evaluation, advanced
from functions.geofencing.domain.fences import Fence, Fences
from functions.geofencing.domain.fixes import Fix
from functions.geofencing.domain.shapes import Circle, Polygon

SEED = 7
TOWNS = 40
BATCH = 50
METRES_PER_DEGREE = 111_320.0


class Scanned(Fences):
    """The same fences without an index: every box is compared with every way."""

    def __init__(self, fences: Iterable[Fence]) -> None:
        super().__init__(fences)
        self._boxes = [(box, fence.id) for fence in self for box in fence.area.boxes()]

    def near(self, ways: Sequence[tuple[Point, Point]]) -> list[set[str]]:
        return [self._touching(a, b) for a, b in ways]

    def _touching(self, a: Point, b: Point) -> set[str]:
        west, east = min(a[0], b[0]), max(a[0], b[0])
        south, north = min(a[1], b[1]), max(a[1], b[1])
        return {
            fence_id
            for box, fence_id in self._boxes
            if box[0] <= east and west <= box[2] and box[1] <= north and south <= box[3]
        }


def moved(point: Point, east_m: float, north_m: float) -> Point:
    lon_m = METRES_PER_DEGREE * cos(radians(point[1]))
    return point[0] + east_m / lon_m, point[1] + north_m / METRES_PER_DEGREE


def places(chance: random.Random, count: int) -> tuple[list[Fence], list[Point]]:
    towns = [(chance.uniform(-10, 30), chance.uniform(36, 60)) for _ in range(TOWNS)]
    fences, centres = [], []
    for number in range(count):
        scatter = (chance.gauss(0, 20_000), chance.gauss(0, 20_000))
        centre = moved(chance.choice(towns), *scatter)
        radius_m = exp(chance.uniform(log(60), log(3000)))
        shape = star(chance, centre, radius_m) if number % 2 else disc(centre, radius_m)
        fences.append(Fence(f"f{number:06}", 1, 0, area_of(shape)))
        centres.append(centre)
    return fences, centres


def disc(centre: Point, radius_m: float) -> Circle:
    return Circle(type="circle", center=centre, radius_m=radius_m)


def star(chance: random.Random, centre: Point, radius_m: float) -> Polygon:
    count = chance.randint(5, 64)
    ring = []
    for number in range(count):
        angle, reach_m = 2 * pi * number / count, radius_m * chance.uniform(0.55, 1)
        ring.append(moved(centre, reach_m * cos(angle), reach_m * sin(angle)))
    return Polygon(type="polygon", coordinates=((*ring, ring[0]),))


def way(chance: random.Random, start: Point) -> list[Fix]:
    """Fifty fixes, ten seconds apart, at town speed."""
    heading, speed_mps, point = chance.uniform(0, 2 * pi), chance.uniform(3, 20), start
    fixes = []
    for number in range(BATCH):
        heading += chance.gauss(0, 0.2)
        step_m = 10 * speed_mps
        point = moved(point, step_m * cos(heading), step_m * sin(heading))
        accuracy_dm = chance.randint(40, 200)
        fixes.append(
            Fix(number * 10_000, round(point[0] * 1e7), round(point[1] * 1e7), accuracy_dm)
        )
    return fixes


def run(fences: Fences, ways: Sequence[list[Fix]], seconds: float) -> tuple[int, float, list[int]]:
    """Fixes done, seconds taken, and how many events each way showed."""
    begun, found = time.perf_counter(), list[int]()
    for fixes in ways:
        _, transitions = advanced(Evaluation(), fixes, fences)
        found.append(len(transitions))
        if time.perf_counter() - begun > seconds:
            break
    return len(found) * BATCH, time.perf_counter() - begun, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--fences", type=int, default=10_000)
    parser.add_argument("--drivers", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=3)
    asked = parser.parse_args()
    chance = random.Random(SEED)
    begun = time.perf_counter()
    fences, centres = places(chance, asked.fences)
    shaped = time.perf_counter()
    indexed = Fences(fences)
    built = time.perf_counter()
    ways = [way(chance, chance.choice(centres)) for _ in range(asked.drivers)]
    print(f"{asked.fences} fences: shapes {shaped - begun:.2f} s, index {built - shaped:.2f} s")

    rates, events = {}, {}
    for name, side in (("indexed", indexed), ("scanned", Scanned(fences))):
        count, took, events[name] = run(side, ways, asked.seconds)
        rates[name] = count / took
        print(
            f"{name:>8}: {count / took:12,.0f} fixes/s  ({count} done, {sum(events[name])} events)"
        )
    shared = min(len(found) for found in events.values())
    same = events["indexed"][:shared] == events["scanned"][:shared]
    print(f"{rates['indexed'] / rates['scanned']:,.1f} times as fast; same events: {same}")


if __name__ == "__main__":
    main()
