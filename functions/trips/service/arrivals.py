"""What trips make of what others tell: arrivals, drivers, places."""

from functions.trips.domain.known import driver_of, may_drive, nobody, place_of
from functions.trips.domain.stops import How
from functions.trips.service.ports import Drivers, Places, Trips
from shared.contracts.auth import UserChanged, UserDeleted
from shared.contracts.geofencing import CheckedIn, GeofenceChanged, GeofenceEntered
from shared.errors import Conflict, Stale
from shared.records.document import D, Documents, Stored


class Arrivals:
    """All of it is safe to repeat, and safe to come late."""

    def __init__(self, trips: Trips, drivers: Drivers, places: Places) -> None:
        self._trips = trips
        self._drivers = drivers
        self._places = places

    async def reach(self, event: GeofenceEntered | CheckedIn) -> None:
        """Mark what the arrival reaches on the driver's trip; after the last stop it ends."""
        driver = await self._drivers.find(event.tenant_id, event.driver_id)
        if driver is None or driver.document.trip_id is None:
            return
        stored = await self._trips.get(event.tenant_id, driver.document.trip_id)
        how = How.CHECK_IN if isinstance(event, CheckedIn) else How.GEOFENCE
        trip, told = stored.document.arrived(event.geofence_id, how, event.at)
        if told:
            await self._trips.save(stored.now(trip), f"arrive by {how}", *told)

    async def keep_driver(self, event: UserChanged) -> None:
        stored = await self._drivers.find(event.tenant_id, event.user_id)
        if stored is None:
            if may_drive(event):
                await _first(self._drivers, Stored(driver_of(event)), "keep driver")
            return
        driver = stored.document.known_as(event)
        if driver is not stored.document:
            await self._drivers.save(stored.now(driver), "keep driver")

    async def forget_driver(self, event: UserDeleted) -> None:
        """What is told of them later, and is older, changes nothing."""
        stored = await self._drivers.find(event.tenant_id, event.user_id)
        if stored is None:
            await _first(self._drivers, Stored(nobody(event).forget()), "forget driver")
            return
        await self._drivers.save(stored.now(stored.document.forget()), "forget driver")

    async def keep_place(self, event: GeofenceChanged) -> None:
        stored = await self._places.find(event.tenant_id, event.geofence_id)
        if stored is None:
            await _first(self._places, Stored(place_of(event)), "keep place")
            return
        place = stored.document.known_as(event)
        if place is not stored.document:
            await self._places.save(stored.now(place), "keep place")


async def _first(kept: Documents[D], stored: Stored[D], action: str) -> None:
    """Raises Stale if another message made it meanwhile, so that the handler looks again."""
    try:
        await kept.save(stored, action)
    except Conflict as error:
        raise Stale(str(error)) from error
