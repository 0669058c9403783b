"""Reads the way out of somebody's GPX file: https://www.topografix.com/GPX/1/1/.

Knows neither stops nor the demo.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from defusedxml import ElementTree

from local.demo.track import EARTH, SPEED_MPS, Fix, TrackUnusable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST = timedelta(hours=20)  # older positions than a day are not taken
SHORTEST = timedelta(seconds=10)
Place = tuple[float, float]


def from_gpx(file: Path, end: datetime) -> list[Fix]:
    """All track points in order, moved in time so that they end at `end`; else all route points.

    Raises TrackUnusable.
    """
    points = _points(file)
    if len(points) < 2:
        raise TrackUnusable(f"{file} has no track.")
    places = [_place(file, number, node) for number, node in enumerate(points, start=1)]
    times = _times(points) or _steady(places)
    stretch = min(1.0, LONGEST / max(times[-1], timedelta(seconds=1)))
    began = end - times[-1] * stretch
    return [
        Fix(min(end, began + since * stretch), longitude, latitude)
        for since, (longitude, latitude) in zip(times, places, strict=True)
    ]


def _points(file: Path) -> "list[Element]":
    try:
        root = ElementTree.parse(file).getroot()
    except (OSError, ElementTree.ParseError, ValueError, LookupError) as error:
        raise TrackUnusable(f"{file} is not a readable GPX file: {error}") from error
    nodes = list(root.iter()) if root is not None else []
    track = [node for node in nodes if _tag(node) == "trkpt"]
    return track or [node for node in nodes if _tag(node) == "rtept"]


def _place(file: Path, number: int, node: "Element") -> Place:
    try:
        longitude, latitude = float(node.get("lon", "")), float(node.get("lat", ""))
    except ValueError:
        longitude = latitude = math.nan
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise TrackUnusable(f"{file}: point {number} is nowhere on Earth.")
    return longitude, latitude


def _times(points: "Sequence[Element]") -> list[timedelta]:
    """Since the first point; nothing unless every point has a time and none goes backwards."""
    found = [_time(node) for node in points]
    known = [at for at in found if at is not None]
    if len(known) < len(found):
        return []
    since = [at - known[0] for at in known]
    grows = all(a <= b for a, b in pairwise(since))
    return since if grows and since[-1] > SHORTEST else []


def _time(node: "Element") -> datetime | None:
    text = next((child.text for child in node if _tag(child) == "time"), None)
    try:
        at = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _steady(places: Sequence[Place]) -> list[timedelta]:
    """As if driven at one speed."""
    since, gone = [timedelta(0)], 0.0
    for (lon1, lat1), (lon2, lat2) in pairwise(places):
        gone += EARTH.Inverse(lat1, lon1, lat2, lon2)["s12"]
        since.append(timedelta(seconds=gone / SPEED_MPS))
    return since


def _tag(node: "Element") -> str:
    return str(node.tag).rpartition("}")[2]
