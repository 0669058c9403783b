"""What trips tell the others."""

from typing import ClassVar

from shared.contracts import Event


class TripAssigned(Event):
    """A driver was given a trip."""

    type: ClassVar[str] = "trips.trip-assigned.v1"

    trip_id: str
    title: str
    driver_id: str
    stops: list[str]


class TripStarted(Event):
    """The driver has set off."""

    type: ClassVar[str] = "trips.trip-started.v1"

    trip_id: str
    title: str
    driver_id: str


class StopReached(Event):
    """The driver is at a stop: `how` is geofence or check-in."""

    type: ClassVar[str] = "trips.stop-reached.v1"

    trip_id: str
    title: str
    driver_id: str
    planned_by: str
    stop_id: str
    stop_name: str
    how: str


class TripEnded(Event):
    """Every stop was reached."""

    type: ClassVar[str] = "trips.trip-ended.v1"

    trip_id: str
    title: str
    driver_id: str
    planned_by: str


class TripCancelled(Event):
    """The trip will not take place."""

    type: ClassVar[str] = "trips.trip-cancelled.v1"

    trip_id: str
    title: str
    driver_id: str | None
    reason: str
