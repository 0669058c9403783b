"""The driver's way: a built-in noisy GPS track or somebody's GPX, and two stops laid along it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from defusedxml import ElementTree
from geographiclib.geodesic import Geodesic

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

EARTH = Geodesic.WGS84
SEED = 7
STEP_S = 5.0
SPEED_MPS = 12.0
NOISE_M = 6.0
STANDING_S = 60.0
SHORTEST_M = 300.0
LONGEST = timedelta(hours=20)  # older positions than a day are not taken
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
    """The GPX file is none, or has no way in it. Says which."""


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


def from_gpx(file: Path, end: datetime) -> list[Fix]:
    """All track points (or route points) in order, moved in time so that they end at `end`.

    Raises TrackUnusable.
    """
    try:
        root = ElementTree.parse(file).getroot()
    except (OSError, ElementTree.ParseError) as error:
        raise TrackUnusable(f"{file} is not a readable GPX file: {error}") from error
    points = (
        [node for node in root.iter() if _tag(node) in {"trkpt", "rtept"}]
        if root is not None
        else []
    )
    if len(points) < 2:
        raise TrackUnusable(f"{file} has no track.")
    places = [(float(node.get("lon", "nan")), float(node.get("lat", "nan"))) for node in points]
    times = _times(points) or _steady(places)
    stretch = min(1.0, LONGEST / max(times[-1], timedelta(seconds=1)))
    began = end - times[-1] * stretch
    return [
        Fix(began + since * stretch, longitude, latitude)
        for since, (longitude, latitude) in zip(times, places, strict=True)
    ]


def laid_along(fixes: Sequence[Fix]) -> tuple[list[Fix], list[Stop]]:
    """The way as it is driven and two stops on it: one half-way, one where it ends.

    A round trip is driven only in part, so that its end is not its start. Raises TrackUnusable.
    """
    length = travelled(fixes)
    if length < SHORTEST_M:
        raise TrackUnusable(f"The track is {length:.0f} m long; {SHORTEST_M:.0f} m are needed.")
    radius = max(30.0, min(120.0, length / 12))
    if between(fixes[0], fixes[-1]) < 4 * radius:
        fixes = fixes[: _index_at(fixes, length * 0.7) + 1]
        length = travelled(fixes)
    shift = timedelta(seconds=3 * STEP_S)
    driven = [replace(fix, at=fix.at - shift) for fix in fixes]
    last = driven[-1]
    driven += [
        replace(last, at=last.at + timedelta(seconds=STEP_S * n), accuracy_m=8.0) for n in (1, 2, 3)
    ]
    half = driven[_index_at(fixes, length * 0.5)]
    return driven, [
        Stop("Transshipment", half.longitude, half.latitude, radius),
        Stop("Consignee", last.longitude, last.latitude, radius),
    ]


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


def _index_at(fixes: Sequence[Fix], metres: float) -> int:
    gone = 0.0
    for index, (a, b) in enumerate(pairwise(fixes), start=1):
        gone += between(a, b)
        if gone >= metres:
            return index
    return len(fixes) - 1


def _times(points: "Sequence[Element]") -> list[timedelta]:
    """Since the first point; nothing unless every point has a time and none goes backwards."""
    found = []
    for node in points:
        text = next((child.text for child in node if _tag(child) == "time"), None)
        if not text:
            return []
        found.append(datetime.fromisoformat(text.strip()))
    since = [at - found[0] for at in found]
    grows = all(a <= b for a, b in pairwise(since))
    return since if grows and since[-1] > timedelta(seconds=10) else []


def _steady(places: Sequence[tuple[float, float]]) -> list[timedelta]:
    """As if driven at one speed."""
    since, gone = [timedelta(0)], 0.0
    for (lon1, lat1), (lon2, lat2) in pairwise(places):
        gone += EARTH.Inverse(lat1, lon1, lat2, lon2)["s12"]
        since.append(timedelta(seconds=gone / SPEED_MPS))
    return since


def _tag(node: "Element") -> str:
    return str(node.tag).rpartition("}")[2]
