"""Trips as dispatchers and drivers make them."""

from collections.abc import Sequence

from functions.trips.domain.known import Driver
from functions.trips.domain.refusals import (
    DriverUnderway,
    NotYourTrip,
    UnknownDriver,
    UnknownGeofence,
)
from functions.trips.domain.stops import Stop, checked
from functions.trips.domain.trip import Status, Trip
from functions.trips.models.requests import (
    AssignTrip,
    CancelTrip,
    ChangeTrip,
    PlanStop,
    PlanTrip,
    StartTrip,
)
from functions.trips.service.ports import Drivers, Places, Trips
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Stored


class TripService:
    """Planning, and setting off."""

    def __init__(self, trips: Trips, drivers: Drivers, places: Places, now: Clock) -> None:
        self._trips = trips
        self._drivers = drivers
        self._places = places
        self._now = now

    async def plan(self, caller: Caller, wish: PlanTrip) -> Stored[Trip]:
        """Raises UnknownDriver, UnknownGeofence or TooManyStopsThere."""
        now = self._now()
        trip = Trip(
            id=new_id(),
            tenant_id=caller.tenant_id,
            title=wish.title,
            planned_by=caller.id,
            driver_id=wish.driver_id,
            planned_start=wish.planned_start,
            stops=await self._stops(caller.tenant_id, wish.stops),
            created_at=now,
        )
        if wish.driver_id is None:
            return await self._trips.save(Stored(trip), "plan trip")
        await self._must_drive(caller.tenant_id, wish.driver_id)
        told = trip.told_assigned(wish.driver_id, now)
        return await self._trips.save(Stored(trip), "plan trip", told)

    async def read(self, caller: Caller, trip_id: str) -> Stored[Trip]:
        """Raises NotYourTrip for a driver who is not on it."""
        stored = await self._trips.get(caller.tenant_id, trip_id)
        if stored.document.driver_id != caller.id and not _sees(caller, trip_id):
            raise NotYourTrip("The trip is somebody else's.")
        return stored

    async def read_for_sheet(self, caller: Caller, trip_id: str) -> tuple[Trip, str | None]:
        """The trip and its driver's name. Raises NotYourTrip."""
        trip = (await self.read(caller, trip_id)).document
        driver = await self._driver(trip.tenant_id, trip.driver_id)
        return trip, driver.document.name if driver else None

    async def change(
        self, caller: Caller, trip_id: str, wish: ChangeTrip, if_match: str | None
    ) -> Stored[Trip]:
        """Raises Stale, TripNotPlanned, UnknownGeofence or TooManyStopsThere."""
        stored = (await self._trips.get(caller.tenant_id, trip_id)).matching(if_match)
        update: dict[str, object] = {}
        if wish.title is not None:
            update["title"] = wish.title
        if "planned_start" in wish.model_fields_set:  # null takes it away
            update["planned_start"] = wish.planned_start
        changed = stored.document.changed(**update)
        if wish.stops is not None:
            stops = await self._stops(caller.tenant_id, wish.stops)
            changed = changed.changed(stops=stops)
        return await self._trips.save(stored.now(changed), "change trip")

    async def assign(
        self, caller: Caller, trip_id: str, wish: AssignTrip, if_match: str | None
    ) -> Stored[Trip]:
        """Raises Stale, TripNotPlanned or UnknownDriver."""
        stored = await self._asked_for(caller, trip_id, if_match)
        assigned, told = stored.document.assigned_to(wish.driver_id, self._now())
        if stored.document.driver_id == wish.driver_id:
            return stored
        await self._must_drive(caller.tenant_id, wish.driver_id)
        return await self._trips.save(stored.now(assigned), "assign trip", told)

    async def start(
        self, caller: Caller, trip_id: str, wish: StartTrip, if_match: str | None
    ) -> Stored[Trip]:
        """Raises what `Trip.start` does, DriverUnderway, or Stale if another was faster."""
        stored = await self._asked_for(caller, trip_id, if_match)
        started, told = stored.document.start(caller.id, self._now(), wish.at)
        await self._set_off(stored.document)
        return await self._trips.save(stored.now(started), "start trip", told)

    async def cancel(
        self, caller: Caller, trip_id: str, wish: CancelTrip, if_match: str | None
    ) -> Stored[Trip]:
        """Raises Stale or TripOver."""
        stored = await self._asked_for(caller, trip_id, if_match)
        cancelled, told = stored.document.cancel(wish.reason, self._now())
        return await self._trips.save(stored.now(cancelled), "cancel trip", told)

    async def _asked_for(self, caller: Caller, trip_id: str, if_match: str | None) -> Stored[Trip]:
        stored = await self._trips.get(caller.tenant_id, trip_id)
        return stored if if_match is None else stored.matching(if_match)

    async def _set_off(self, trip: Trip) -> None:
        """One trip at a time, though trips are in partitions of their own.

        The driver is saved with every start, so of two at once the slower finds it Stale. A trip
        that was claimed and is not underway is touched before its claim is taken over: should its
        start still be running, that finds the trip Stale.
        """
        driver = await self._driver(trip.tenant_id, trip.driver_id)
        if driver is None:
            raise UnknownDriver("The driver is not known.", driver_id=trip.driver_id)
        claimed = driver.document.trip_id
        if claimed is not None and claimed != trip.id:
            await self._must_not_be_underway(trip.tenant_id, claimed)
        setting_off = driver.document.setting_off(trip.id)
        await self._drivers.save(driver.now(setting_off), "set off")

    async def _must_not_be_underway(self, tenant_id: str, trip_id: str) -> None:
        other = await self._trips.get(tenant_id, trip_id)
        if other.document.status is Status.UNDERWAY:
            raise DriverUnderway(
                f"The driver is underway on {other.document.title}.", trip_id=trip_id
            )
        if other.document.status is Status.PLANNED:
            await self._trips.save(other.now(other.document.start_given_up()), "give up start")

    async def _stops(self, tenant_id: str, wishes: Sequence[PlanStop]) -> tuple[Stop, ...]:
        wanted = {wish.geofence_id for wish in wishes}
        unknown = wanted - await self._places.active_among(tenant_id, wanted)
        if unknown:
            raise UnknownGeofence(
                f"No active geofence: {', '.join(sorted(unknown))}.", geofence_ids=sorted(unknown)
            )
        return checked([Stop(id=new_id(), **wish.model_dump()) for wish in wishes])

    async def _must_drive(self, tenant_id: str, driver_id: str) -> None:
        driver = await self._drivers.find(tenant_id, driver_id)
        if driver is None or not driver.document.drives:
            raise UnknownDriver(f"No active driver {driver_id} is known.", driver_id=driver_id)

    async def _driver(self, tenant_id: str, driver_id: str | None) -> Stored[Driver] | None:
        return await self._drivers.find(tenant_id, driver_id) if driver_id else None


def _sees(caller: Caller, trip_id: str) -> bool:
    return caller.may("trips:write", resource=f"trips/{trip_id}")


def sees_all(caller: Caller) -> bool:
    """Dispatchers do; drivers see their own trips."""
    return caller.may("trips:write")
