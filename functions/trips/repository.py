"""Trips, and what is known of drivers and places, in Cosmos DB."""

from collections.abc import Collection

from functions.trips.domain.known import Driver, Place
from functions.trips.domain.trip import Trip
from functions.trips.models.requests import TripFilter
from shared.errors import Missing
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored


class CosmosTrips(CosmosDocuments[Trip]):
    """Trips, each in a partition of its own."""

    async def listed(
        self, tenant_id: str, asked: TripFilter, after: str | None, limit: int
    ) -> list[Stored[Trip]]:
        wanted = {"driver_id": asked.driver_id, "status": asked.status}
        values = {f"@{name}": value for name, value in wanted.items() if value is not None}
        condition = " AND ".join(f"c.{name[1:]} = {name}" for name in values)
        return await self.where(tenant_id, condition, values, after=after, limit=limit)


class CosmosDrivers(CosmosDocuments[Driver]):
    """Drivers as auth told of them."""

    async def find(self, tenant_id: str, driver_id: str) -> Stored[Driver] | None:
        try:
            return await self.get(tenant_id, driver_id)
        except Missing:
            return None


class CosmosPlaces(CosmosDocuments[Place]):
    """Geofences as geofencing told of them."""

    async def find(self, tenant_id: str, geofence_id: str) -> Stored[Place] | None:
        try:
            return await self.get(tenant_id, geofence_id)
        except Missing:
            return None

    async def active_among(self, tenant_id: str, geofence_ids: Collection[str]) -> set[str]:
        found = await self.where(
            tenant_id,
            "c.active = true AND ARRAY_CONTAINS(@ids, c.id)",
            {"@ids": sorted(geofence_ids)},
        )
        return {stored.document.id for stored in found}
