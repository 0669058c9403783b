"""What callers send and see of geofencing."""

from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from functions.geofencing.domain.check_in import Verdict
from functions.geofencing.domain.positions import Position
from functions.geofencing.domain.shapes import Latitude, Longitude, Shape
from shared.http.fields import Id, Name
from shared.http.paging import Paging
from shared.model import Model

AccuracyM = Annotated[
    float,
    Field(ge=0, le=100_000, allow_inf_nan=False, description="Radius of 68 % confidence."),
]


class Sent(Model):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CreateGeofence(Sent):
    """A name and a shape, and from when on positions count: now, or up to a day back."""

    name: Name
    shape: Shape
    valid_from: AwareDatetime | None = None


class ChangeGeofence(Sent):
    """What is left out stays."""

    name: Name | None = None
    shape: Shape | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "ChangeGeofence":
        if self.name is None and self.shape is None:
            raise ValueError("send a name, a shape, or both")
        return self


class GeofenceView(Model):
    """A geofence as it is now."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    shape: Shape
    active: bool
    version: int
    created_at: AwareDatetime
    changed_at: AwareDatetime


class GeofenceFilter(Paging):
    """Which geofences to list."""

    active: bool | None = None


class ReportedPosition(Sent):
    """`at` is the device's time of the fix."""

    at: AwareDatetime
    longitude: Longitude
    latitude: Latitude
    accuracy_m: AccuracyM | None = None
    speed_mps: float | None = Field(None, ge=0, le=1000, allow_inf_nan=False)
    heading_deg: float | None = Field(None, ge=0, le=360, allow_inf_nan=False)

    @property
    def position(self) -> Position:
        return Position(**self.model_dump())


class ReportPositions(Sent):
    """In any order, also long after; what was sent before may be sent again."""

    positions: list[ReportedPosition] = Field(min_length=1, max_length=500)


class PositionVerdict(Model):
    """What became of the position at `index`: accepted, duplicate, late or rejected.

    A late one is kept and shown, but too old to tell arrivals by.
    """

    index: int
    verdict: str
    reason: str | None = None


class ReportView(Model):
    """One verdict a position, in the order sent, and how many there are of each."""

    verdicts: list[PositionVerdict]
    accepted: int
    duplicate: int
    late: int
    rejected: int


class PositionFilter(Paging):
    """Whose positions, and of which time; the own ones unless it says whose."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    driver_id: Id | None = None
    since: AwareDatetime | None = Field(None, alias="from")
    until: AwareDatetime | None = Field(None, alias="to")


class PositionView(Position):
    """A position as it was reported."""


class LatestPositionView(Model):
    """Where a driver was last."""

    driver_id: str
    driver_name: str
    active: bool
    position: PositionView


class MakeCheckIn(Sent):
    """The position must be new and exact to 100 m."""

    geofence_id: Id
    at: AwareDatetime
    longitude: Longitude
    latitude: Latitude
    accuracy_m: AccuracyM

    @property
    def position(self) -> Position:
        return Position(**self.model_dump(exclude={"geofence_id"}))


class CheckInView(Model):
    """`distance_m` is to the geofence's boundary, 0 inside."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    driver_id: str
    geofence_id: str
    geofence_name: str
    at: AwareDatetime
    longitude: float
    latitude: float
    accuracy_m: float
    distance_m: float
    verdict: Verdict
    received_at: AwareDatetime


class CheckInFilter(Paging):
    """Which check-ins; a driver sees the own ones."""

    driver_id: Id | None = None
    geofence_id: Id | None = None
    verdict: Verdict | None = None
