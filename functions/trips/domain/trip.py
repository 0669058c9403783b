"""A trip: planned, underway, and then ended by its last stop or cancelled."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from functions.trips.domain.refusals import (
    NotYourTrip,
    StartOutOfRange,
    TripNotPlanned,
    TripOver,
)
from functions.trips.domain.stops import How, Stop, reached_by_arriving
from shared.contracts import Event
from shared.contracts.trips import (
    StopReached,
    TripAssigned,
    TripCancelled,
    TripEnded,
    TripStarted,
)
from shared.records.document import Document

LONGEST_BACK = timedelta(hours=24)
CLOCKS_DIFFER = timedelta(minutes=2)


class Status(StrEnum):
    """`ended` and `cancelled` are final."""

    PLANNED = "planned"
    UNDERWAY = "underway"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Trip(Document):
    """What changes it returns the trip as it is then, and what there is to tell of it.

    `given_up_starts` counts attempts to start it that another trip of the driver has overtaken.
    """

    title: str
    planned_by: str
    driver_id: str | None = None
    planned_start: AwareDatetime | None = None
    stops: tuple[Stop, ...]
    status: Status = Status.PLANNED
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    cancelled_at: AwareDatetime | None = None
    cancel_reason: str | None = None
    given_up_starts: int = 0
    created_at: AwareDatetime

    @property
    def over(self) -> bool:
        return self.status in {Status.ENDED, Status.CANCELLED}

    def changed(self, **update: object) -> "Trip":
        """Raises TripNotPlanned."""
        self._must_be_planned()
        return self.model_copy(update=update)

    def assigned_to(self, driver_id: str, at: datetime) -> tuple["Trip", TripAssigned]:
        """Raises TripNotPlanned."""
        self._must_be_planned()
        assigned = self.model_copy(update={"driver_id": driver_id})
        return assigned, assigned.told_assigned(driver_id, at)

    def told_assigned(self, driver_id: str, at: datetime) -> TripAssigned:
        return TripAssigned(
            tenant_id=self.tenant_id,
            at=at,
            trip_id=self.id,
            title=self.title,
            driver_id=driver_id,
            stops=[stop.name for stop in self.stops],
        )

    def start(
        self, by: str, now: datetime, said: datetime | None = None
    ) -> tuple["Trip", TripStarted]:
        """At the time `said` by the phone, or now.

        Raises NotYourTrip, TripNotPlanned or StartOutOfRange.
        """
        at = said or now
        if not now - LONGEST_BACK <= at <= now + CLOCKS_DIFFER:
            raise StartOutOfRange("A start is at most 24 hours back, and not in the future.")
        if by != self.driver_id:
            raise NotYourTrip("Only the driver whom the trip is assigned to can start it.")
        self._must_be_planned()
        started = self.model_copy(update={"status": Status.UNDERWAY, "started_at": at})
        return started, TripStarted(
            tenant_id=self.tenant_id, at=at, trip_id=self.id, title=self.title, driver_id=by
        )

    def start_given_up(self) -> "Trip":
        return self.model_copy(update={"given_up_starts": self.given_up_starts + 1})

    def cancel(self, reason: str, at: datetime) -> tuple["Trip", TripCancelled]:
        """Raises TripOver."""
        if self.over:
            raise TripOver(f"The trip is {self.status} already.")
        update = {"status": Status.CANCELLED, "cancelled_at": at, "cancel_reason": reason}
        return self.model_copy(update=update), TripCancelled(
            tenant_id=self.tenant_id,
            at=at,
            trip_id=self.id,
            title=self.title,
            driver_id=self.driver_id,
            reason=reason,
        )

    def arrived(self, geofence_id: str, how: How, at: datetime) -> tuple["Trip", list[Event]]:
        """Itself, and nothing to tell, if this reaches no stop of a trip underway."""
        if self.status is not Status.UNDERWAY or self.started_at is None or at < self.started_at:
            return self, []
        reached = {stop.id for stop in reached_by_arriving(self.stops, geofence_id, at)}
        if not reached:
            return self, []
        stops = tuple(
            stop.model_copy(update={"reached_at": at, "how": how}) if stop.id in reached else stop
            for stop in self.stops
        )
        trip = self.model_copy(update={"stops": stops})
        told: list[Event] = [
            self._told_reached(stop, how, at) for stop in stops if stop.id in reached
        ]
        return (trip, told) if any(stop.pending for stop in stops) else _ended(trip, told)

    def _told_reached(self, stop: Stop, how: How, at: datetime) -> StopReached:
        return StopReached(
            tenant_id=self.tenant_id,
            at=at,
            trip_id=self.id,
            title=self.title,
            driver_id=self.driver_id or "",
            planned_by=self.planned_by,
            stop_id=stop.id,
            stop_name=stop.name,
            how=how,
        )

    def _must_be_planned(self) -> None:
        if self.status is not Status.PLANNED:
            raise TripNotPlanned(f"The trip is {self.status}.")


def _ended(trip: Trip, told: Sequence[Event]) -> tuple[Trip, list[Event]]:
    """Ended when the last stop in time was reached, which need not be the last one told."""
    ended_at = max(stop.reached_at for stop in trip.stops if stop.reached_at is not None)
    ended = TripEnded(
        tenant_id=trip.tenant_id,
        at=ended_at,
        trip_id=trip.id,
        title=trip.title,
        driver_id=trip.driver_id or "",
        planned_by=trip.planned_by,
    )
    update = {"status": Status.ENDED, "ended_at": ended_at}
    return trip.model_copy(update=update), [*told, ended]
