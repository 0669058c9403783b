"""Check-ins: judged, kept, told."""

from functions.geofencing.domain.check_in import CheckIn, Verdict, judged
from functions.geofencing.domain.geofence import GEOFENCES
from functions.geofencing.domain.refusals import NotAtTheGeofence
from functions.geofencing.models import MakeCheckIn
from functions.geofencing.service.ports import CheckIns, Drivers, Geofences
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Stored


class CheckInService:
    """Drivers who say that they are somewhere."""

    def __init__(
        self, check_ins: CheckIns, geofences: Geofences, drivers: Drivers, now: Clock
    ) -> None:
        self._check_ins = check_ins
        self._geofences = geofences
        self._drivers = drivers
        self._now = now

    async def make(self, caller: Caller, wish: MakeCheckIn) -> Stored[CheckIn]:
        """Raises NotAtTheGeofence once the attempt is kept, or what `judged` raises."""
        driver = await self._drivers.find(caller.tenant_id, caller.id)
        if driver is not None:
            driver.document.must_be_active()
        geofence = await self._geofences.get(caller.tenant_id, wish.geofence_id, GEOFENCES)
        check_in = judged(new_id(), caller.id, geofence.document, wish.position, self._now())
        if check_in.verdict is Verdict.ACCEPTED:
            return await self._check_ins.save(Stored(check_in), "check in", check_in.told())
        await self._check_ins.save(Stored(check_in), "refuse check-in")
        raise NotAtTheGeofence(
            f"The position is {check_in.distance_m:.0f} m from {check_in.geofence_name}.",
            distance_m=check_in.distance_m,
            check_in_id=check_in.id,
        )
