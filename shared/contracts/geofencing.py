"""What geofencing tells the others."""

from typing import ClassVar

from shared.contracts import Event


class GeofenceChanged(Event):
    """A geofence was created, changed or retired (`active` false). `version` grows each time."""

    type: ClassVar[str] = "geofencing.geofence-changed.v1"

    geofence_id: str
    version: int
    name: str
    active: bool
    longitude: float
    latitude: float


class GeofenceEntered(Event):
    """A driver crossed into a geofence; `at` is when, told by the driver's own fixes."""

    type: ClassVar[str] = "geofencing.geofence-entered.v1"

    driver_id: str
    geofence_id: str
    longitude: float
    latitude: float


class GeofenceExited(Event):
    """A driver crossed out of a geofence; `at` is when."""

    type: ClassVar[str] = "geofencing.geofence-exited.v1"

    driver_id: str
    geofence_id: str
    longitude: float
    latitude: float


class CheckedIn(Event):
    """A driver said "I am here", and the position agreed; `at` is when."""

    type: ClassVar[str] = "geofencing.checked-in.v1"

    check_in_id: str
    driver_id: str
    geofence_id: str
    longitude: float
    latitude: float
