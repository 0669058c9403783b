"""Geofencing in Cosmos DB, and a tenant's geofences kept ready in memory."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from functions.geofencing.domain.check_in import CheckIn
from functions.geofencing.domain.driver import Driver
from functions.geofencing.domain.fences import Fences, fences_of
from functions.geofencing.domain.fixes import milliseconds
from functions.geofencing.domain.geofence import FENCE_SET, GEOFENCES, FenceSet, Geofence
from functions.geofencing.domain.positions import (
    PLACE_IN_TIME,
    Position,
    PositionChunk,
    newest_first,
)
from functions.geofencing.models import CheckInFilter
from shared.errors import Malformed, Missing
from shared.platform.clock import Clock
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored

CHUNKS_A_QUERY = 20
BELIEVED_FOR = timedelta(seconds=5)
MOST_TENANTS = 64


class CosmosGeofences(CosmosDocuments[Geofence]):
    """All geofences of a tenant, in one partition."""

    async def listed(
        self, tenant_id: str, active: bool | None, after: str | None, limit: int | None
    ) -> list[Stored[Geofence]]:
        condition = "" if active is None else "c.active = @active"
        values = {} if active is None else {"@active": active}
        return await self.where(
            tenant_id, condition, values, key=GEOFENCES, after=after, limit=limit
        )


class CosmosDrivers(CosmosDocuments[Driver]):
    """Drivers with their ways, each in a partition of its own."""

    async def find(self, tenant_id: str, driver_id: str) -> Stored[Driver] | None:
        try:
            return await self.get(tenant_id, driver_id)
        except Missing:
            return None


class CosmosCheckIns(CosmosDocuments[CheckIn]):
    """Check-ins, beside their driver."""

    async def listed(
        self, tenant_id: str, asked: CheckInFilter, after: str | None, limit: int
    ) -> list[Stored[CheckIn]]:
        wanted = {"geofence_id": asked.geofence_id, "verdict": asked.verdict}
        values = {f"@{name}": value for name, value in wanted.items() if value is not None}
        condition = " AND ".join(f"c.{name[1:]} = {name}" for name in values)
        return await self.where(
            tenant_id, condition, values, key=asked.driver_id, after=after, limit=limit
        )


class CosmosPositions(CosmosDocuments[PositionChunk]):
    """Positions, in chunks as they were reported, whose ids sort by their last position."""

    async def newest(
        self,
        driver: tuple[str, str],
        span: tuple[datetime | None, datetime | None],
        before: str | None,
        limit: int,
    ) -> Sequence[Position]:
        """Chunks may overlap: one is settled when no unread chunk can hold anything newer."""
        tenant_id, driver_id = driver
        first_ms, last_ms = _within(span, before)
        values = {"@first": first_ms, "@last": last_ms}
        found: list[Position] = []
        after: str | None = None
        while True:
            chunks = await self.where(
                tenant_id,
                "c.first_at_ms <= @last AND c.last_at_ms >= @first",
                values,
                key=driver_id,
                after=after,
                limit=CHUNKS_A_QUERY,
            )
            found += [
                position
                for stored in chunks
                for position in stored.document.positions
                if first_ms <= milliseconds(position.at) <= last_ms
                and (before is None or position.place_in_time < before)
            ]
            newest = newest_first(found, limit)
            if len(chunks) < CHUNKS_A_QUERY:
                return newest
            after, horizon_ms = chunks[-1].document.id, chunks[-1].document.last_at_ms
            if len(newest) == limit and milliseconds(newest[-1].at) > horizon_ms:
                return newest


def _within(span: tuple[datetime | None, datetime | None], before: str | None) -> tuple[int, int]:
    since, until = span
    first_ms = milliseconds(since) if since else 0
    last_ms = milliseconds(until) if until else 10**15 - 1
    if before is not None:
        if not PLACE_IN_TIME.match(before):
            raise Malformed("The cursor is not one that a list gave.")
        last_ms = min(last_ms, int(before.partition(".")[0]))
    return first_ms, last_ms


@dataclass(frozen=True)
class _Known:
    stamp: str
    fences: Fences
    checked_at: datetime


class CachedFences:
    """Trees of geofences, believed for 5 seconds, then for as long as the tenant's stamp is."""

    def __init__(
        self, geofences: CosmosGeofences, stamps: CosmosDocuments[FenceSet], now: Clock
    ) -> None:
        self._geofences = geofences
        self._stamps = stamps
        self._now = now
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def of(self, tenant_id: str) -> Fences:
        known, now = self._known.get(tenant_id), self._now()
        if known is None or now - known.checked_at > BELIEVED_FOR:
            stamp = await self._stamp(tenant_id)  # first: what changes meanwhile is read again
            if known is None or known.stamp != stamp:
                found = await self._geofences.listed(tenant_id, True, None, None)
                fences = await asyncio.to_thread(fences_of, [each.document for each in found])
                known = _Known(stamp, fences, now)
            self._known[tenant_id] = known = replace(known, checked_at=now)
            if len(self._known) > MOST_TENANTS:
                self._known.popitem(last=False)
        self._known.move_to_end(tenant_id)
        return known.fences

    def forget(self, tenant_id: str) -> None:
        self._known.pop(tenant_id, None)

    async def _stamp(self, tenant_id: str) -> str:
        try:
            return (await self._stamps.get(tenant_id, FENCE_SET, GEOFENCES)).document.stamp
        except Missing:
            return ""
