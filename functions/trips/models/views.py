"""What callers see."""

from typing import Literal

from pydantic import AwareDatetime, ConfigDict, computed_field

from functions.trips.domain.stops import How
from functions.trips.domain.trip import Status
from shared.model import Model


class StopView(Model):
    """A stop: pending until it is reached, which `how` explains."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    geofence_id: str
    planned_arrival: AwareDatetime | None
    note: str | None
    reached_at: AwareDatetime | None
    how: How | None

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def status(self) -> Literal["pending", "reached"]:
        return "pending" if self.reached_at is None else "reached"


class TripView(Model):
    """A trip as it is now."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    title: str
    status: Status
    driver_id: str | None
    planned_by: str
    planned_start: AwareDatetime | None
    stops: list[StopView]
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    cancelled_at: AwareDatetime | None
    cancel_reason: str | None
    created_at: AwareDatetime
