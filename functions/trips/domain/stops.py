"""The stops of a trip, and which of them an arrival reaches."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from itertools import takewhile

from pydantic import AwareDatetime, ConfigDict

from functions.trips.domain.refusals import TooManyStopsThere
from shared.model import Model

MAX_AT_ONE_PLACE = 50  # one arrival reaches them together, in one Cosmos batch of 100 operations


class How(StrEnum):
    """How it is known that the driver was there."""

    GEOFENCE = "geofence"
    CHECK_IN = "check-in"


class Stop(Model):
    """A geofence to go to; pending until `reached_at`."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)

    id: str
    name: str
    geofence_id: str
    planned_arrival: AwareDatetime | None = None
    note: str | None = None
    reached_at: AwareDatetime | None = None
    how: How | None = None

    @property
    def pending(self) -> bool:
        return self.reached_at is None


def checked(stops: Sequence[Stop]) -> tuple[Stop, ...]:
    """Raises TooManyStopsThere."""
    for geofence_id, count in Counter(stop.geofence_id for stop in stops).items():
        if count > MAX_AT_ONE_PLACE:
            raise TooManyStopsThere(
                f"{count} stops are at geofence {geofence_id}; at most {MAX_AT_ONE_PLACE} may be.",
                geofence_id=geofence_id,
            )
    return tuple(stops)


def reached_by_arriving(stops: Sequence[Stop], geofence_id: str, at: datetime) -> list[Stop]:
    """The first pending stop there, with those that follow it at the same place.

    Stops may be reached in any order. A place that comes again later in the trip is reached again
    only when the driver was at a stop elsewhere in between: standing there counts once.
    """
    there = [stop for stop in stops if stop.geofence_id == geofence_id]
    first = next((stop for stop in there if stop.pending), None)
    if first is None:
        return []
    earlier = [stop.reached_at for stop in there if stop.reached_at is not None]
    if earlier and not _elsewhere_between(stops, geofence_id, max(earlier), at):
        return []
    rest = stops[stops.index(first) :]
    run = takewhile(lambda stop: stop.geofence_id == geofence_id, rest)
    return [stop for stop in run if stop.pending]


def _elsewhere_between(
    stops: Sequence[Stop], geofence_id: str, since: datetime, until: datetime
) -> bool:
    return any(
        stop.geofence_id != geofence_id
        and stop.reached_at is not None
        and since <= stop.reached_at <= until
        for stop in stops
    )
