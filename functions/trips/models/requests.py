"""What callers send."""

from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, model_validator

from functions.trips.domain.trip import Status
from shared.http.fields import Id, Name
from shared.http.paging import Paging
from shared.model import Model

Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Sent(Model):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlanStop(Sent):
    """A geofence to go to. The same one may come several times."""

    name: Name
    geofence_id: Id
    planned_arrival: AwareDatetime | None = None
    note: Note | None = None


Stops = Annotated[list[PlanStop], Field(min_length=1, max_length=100)]


class PlanTrip(Sent):
    """The stops in the order they should be reached. The driver may be chosen later."""

    title: Name
    driver_id: Id | None = None
    planned_start: AwareDatetime | None = None
    stops: Stops


class ChangeTrip(Sent):
    """What is left out stays; `stops` replaces all of them."""

    title: Name | None = None
    planned_start: AwareDatetime | None = None
    stops: Stops | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "ChangeTrip":
        if not self.model_fields_set:
            raise ValueError("send what shall change")
        return self


class AssignTrip(Sent):
    """Who shall drive."""

    driver_id: Id


class StartTrip(Sent):
    """`at`: when the driver set off, if the phone was out of reach then; at most a day back."""

    at: AwareDatetime | None = None


class CancelTrip(Sent):
    """Why it will not take place."""

    reason: Note


class TripFilter(Paging):
    """Which trips to list; a driver sees the own ones."""

    driver_id: Id | None = None
    status: Status | None = None
