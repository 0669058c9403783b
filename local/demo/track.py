"""The driver's way: a built-in noisy GPS track, and two stops laid along this or any other."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from geographiclib.geodesic import Geodesic

EARTH = Geodesic.WGS84
SEED = 7
STEP_S = 5.0
SPEED_MPS = 12.0
NOISE_M = 6.0
STANDING_S = 60.0
SHORTEST_M = 300.0
LEAST_RADIUS_M = 30.0
GAP_M = 2 * SPEED_MPS * STEP_S
MOST_ADDED = 500  # positions that no file has
MOST_ENDS, MOST_HALVES = 40, 400  # places looked at for a stop
WAY = [  # longitude, latitude: along a river, over a bridge, to a harbour
    (9.9690, 53.5430),
    (9.9786, 53.5456),
    (9.9871, 53.5461),
    (9.9954, 53.5440),
    (10.0049, 53.5418),
    (10.0110, 53.5379),
    (10.0232, 53.5345),
]


class TrackUnusable(ValueError):
    """The track cannot be read, or has no way in it. Says which."""


@dataclass(frozen=True)
class Fix:
    """Where the phone was, when, and how sure it is."""

    at: datetime
    longitude: float
    latitude: float
    accuracy_m: float = 10.0


@dataclass(frozen=True)
class Stop:
    """A place on the way, with the radius of its geofence."""

    name: str
    longitude: float
    latitude: float
    radius_m: float


def built_in(end: datetime) -> list[Fix]:
    """A ride of some kilometres with a halt in the middle; the same noise on every machine."""
    dice = random.Random(SEED)  # noqa: S311 - noise, not a secret
    exact = _ridden()
    fixes, wander = [], [0.0, 0.0]
    began = end - timedelta(seconds=STEP_S * (len(exact) - 1))
    for number, (longitude, latitude) in enumerate(exact):
        wander = [0.8 * each + dice.gauss(0, NOISE_M * 0.6) for each in wander]
        moved = EARTH.Direct(latitude, longitude, 0, wander[0])
        moved = EARTH.Direct(moved["lat2"], moved["lon2"], 90, wander[1])
        at = began + timedelta(seconds=STEP_S * number)
        fixes.append(Fix(at, moved["lon2"], moved["lat2"], round(dice.uniform(5, 14), 1)))
    return fixes


def laid_along(fixes: Sequence[Fix]) -> tuple[list[Fix], list[Stop]]:
    """The way as it is driven and two stops on it: one about half-way, one where it ends.

    Neither stop is where the way begins, nor are they at one place; a round trip is driven only in
    part. Raises TrackUnusable.
    """
    length = travelled(fixes)
    if length < SHORTEST_M:
        raise TrackUnusable(f"The track is {length:.0f} m long; {SHORTEST_M:.0f} m are needed.")
    way = _without_gaps(fixes, max(GAP_M, length / MOST_ADDED))
    radius, half, end = _chosen(way, max(LEAST_RADIUS_M, min(120.0, length / 12)))
    shift = timedelta(seconds=3 * STEP_S)
    driven = [replace(fix, at=fix.at - shift) for fix in way[: end + 1]]
    there, last = driven[half], driven[-1]
    driven += [
        replace(last, at=last.at + timedelta(seconds=STEP_S * n), accuracy_m=8.0) for n in (1, 2, 3)
    ]
    return driven, [
        Stop("Transshipment", there.longitude, there.latitude, radius),
        Stop("Consignee", last.longitude, last.latitude, radius),
    ]


def _chosen(way: Sequence[Fix], widest_m: float) -> tuple[float, int, int]:
    """Radius, and the indices of the two stops, as wide as the way allows. Raises TrackUnusable."""
    gone = [0.0, *accumulate(between(a, b) for a, b in pairwise(way))]
    away = [between(way[0], fix) for fix in way]
    for radius in (widest_m, max(LEAST_RADIUS_M, widest_m / 2), LEAST_RADIUS_M):
        far = [index for index, metres in enumerate(away) if metres > 2 * radius]
        ends = [len(way) - 1] if away[-1] > 4 * radius else _ends(far, gone)
        for end in ends:
            half = _half_way(way, far, gone, end, 2 * radius)
            if half is not None:
                return radius, half, end
    raise TrackUnusable(
        f"The track stays within {max(away):.0f} m of its start: there is no room for two stops."
    )


def _ends(far: Sequence[int], gone: Sequence[float]) -> list[int]:
    """Where a way that comes back may end: after 70 % of it, or wherever else it is far out."""
    return _nearest(_thinned(far, MOST_ENDS), gone, gone[-1] * 0.7)


def _half_way(
    way: Sequence[Fix], far: Sequence[int], gone: Sequence[float], end: int, apart_m: float
) -> int | None:
    """The place nearest to the middle of the way that is neither at its start nor at its end."""
    before = [index for index in _thinned(far, MOST_HALVES) if index < end]
    for index in _nearest(before, gone, gone[end] / 2):
        if between(way[index], way[end]) > apart_m:
            return index
    return None


def _nearest(indices: Sequence[int], gone: Sequence[float], metres: float) -> list[int]:
    return sorted(indices, key=lambda index: abs(gone[index] - metres))


def _thinned(indices: Sequence[int], most: int) -> Sequence[int]:
    """Spread evenly, the last one always among them."""
    step = max(1, math.ceil(len(indices) / most))
    return indices[::-1][::step]


def _without_gaps(fixes: Sequence[Fix], gap_m: float) -> list[Fix]:
    """A straight way where the file says nothing: routes often name their corners alone."""
    whole = [fixes[0]]
    for before, after in pairwise(fixes):
        line = EARTH.InverseLine(before.latitude, before.longitude, after.latitude, after.longitude)
        steps = math.ceil(line.s13 / gap_m)
        for step in range(1, steps):
            place = line.Position(line.s13 * step / steps)
            at = before.at + (after.at - before.at) * step / steps
            whole.append(replace(after, at=at, longitude=place["lon2"], latitude=place["lat2"]))
        whole.append(after)
    return whole


def travelled(fixes: Sequence[Fix]) -> float:
    """Metres along the track."""
    return sum(between(a, b) for a, b in pairwise(fixes))


def between(a: Fix, b: Fix) -> float:
    """Metres on the ellipsoid."""
    inverse = EARTH.Inverse(a.latitude, a.longitude, b.latitude, b.longitude)
    return float(inverse["s12"])


def _ridden() -> list[tuple[float, float]]:
    """The exact way, one place for each step, with a halt at its middle."""
    places: list[tuple[float, float]] = []
    for (lon1, lat1), (lon2, lat2) in pairwise(WAY):
        line = EARTH.InverseLine(lat1, lon1, lat2, lon2)
        steps = int(line.s13 // (SPEED_MPS * STEP_S))
        for step in range(steps):
            place = line.Position(step * SPEED_MPS * STEP_S)
            places.append((place["lon2"], place["lat2"]))
    middle = len(places) // 2
    halt = [places[middle]] * int(STANDING_S / STEP_S)
    return places[:middle] + halt + places[middle:]
