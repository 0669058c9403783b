"""What the use cases need from outside."""

from collections.abc import Collection
from typing import Protocol

from functions.trips.domain.known import Driver, Place
from functions.trips.domain.trip import Trip
from shared.records.document import Documents, Stored


class Trips(Documents[Trip], Protocol):
    """Where trips are kept."""


class Drivers(Documents[Driver], Protocol):
    """What is known of drivers."""

    async def find(self, tenant_id: str, driver_id: str) -> Stored[Driver] | None: ...


class Places(Documents[Place], Protocol):
    """What is known of geofences."""

    async def find(self, tenant_id: str, geofence_id: str) -> Stored[Place] | None: ...

    async def active_among(self, tenant_id: str, geofence_ids: Collection[str]) -> set[str]: ...
