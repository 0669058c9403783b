"""Geofences: made, changed, retired."""

from functions.geofencing.domain.geofence import (
    FENCE_SET,
    GEOFENCES,
    FenceSet,
    Geofence,
    in_force_since,
)
from functions.geofencing.domain.shapes import checked
from functions.geofencing.models import ChangeGeofence, CreateGeofence
from functions.geofencing.service.ports import Geofences, KnownFences
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Beside, Stored


class GeofenceService:
    """The places of a company."""

    def __init__(self, geofences: Geofences, known: KnownFences, now: Clock) -> None:
        self._geofences = geofences
        self._known = known
        self._now = now

    async def create(self, caller: Caller, wish: CreateGeofence) -> Stored[Geofence]:
        """Raises ValidFromOutOfRange, or what `checked` raises."""
        now = self._now()
        geofence = Geofence(
            id=new_id(),
            tenant_id=caller.tenant_id,
            name=wish.name,
            shape=checked(wish.shape),
            shaped_at=in_force_since(wish.valid_from, now),
            created_at=now,
            changed_at=now,
        )
        return await self._save(Stored(geofence), "create geofence")

    async def change(
        self, caller: Caller, geofence_id: str, wish: ChangeGeofence, if_match: str | None
    ) -> Stored[Geofence]:
        """Raises Stale, GeofenceRetired, or what `checked` raises."""
        stored = await self._matching(caller, geofence_id, if_match)
        changed = stored.document.changed(self._now(), wish.name, wish.shape)
        return await self._save(stored.now(changed), "change geofence")

    async def retire(self, caller: Caller, geofence_id: str, if_match: str | None) -> None:
        """Safe to repeat with the version it has then. Raises Stale."""
        stored = await self._matching(caller, geofence_id, if_match)
        if stored.document.active:
            await self._save(stored.now(stored.document.retired(self._now())), "retire geofence")

    async def _matching(
        self, caller: Caller, geofence_id: str, if_match: str | None
    ) -> Stored[Geofence]:
        stored = await self._geofences.get(caller.tenant_id, geofence_id, GEOFENCES)
        return stored.matching(if_match)

    async def _save(self, stored: Stored[Geofence], action: str) -> Stored[Geofence]:
        geofence = stored.document
        stamp = FenceSet(id=FENCE_SET, tenant_id=geofence.tenant_id, stamp=new_id())
        saved = await self._geofences.save(stored, action, geofence.told(), beside=(Beside(stamp),))
        self._known.forget(geofence.tenant_id)
        return saved
