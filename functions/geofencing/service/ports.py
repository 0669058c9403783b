"""What the use cases need from outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from functions.geofencing.domain.check_in import CheckIn
from functions.geofencing.domain.driver import Driver
from functions.geofencing.domain.fences import Fences
from functions.geofencing.domain.geofence import Geofence
from functions.geofencing.domain.positions import Position
from shared.records.document import Documents, Stored


class Drivers(Documents[Driver], Protocol):
    """Where drivers are kept."""

    async def find(self, tenant_id: str, driver_id: str) -> Stored[Driver] | None: ...


class Geofences(Documents[Geofence], Protocol):
    """Where geofences are kept."""


class CheckIns(Documents[CheckIn], Protocol):
    """Where check-ins are kept."""


class KeptPositions(Protocol):
    """Where positions are kept."""

    async def newest(
        self,
        driver: tuple[str, str],
        span: tuple[datetime | None, datetime | None],
        before: str | None,
        limit: int,
    ) -> Sequence[Position]:
        """Of (tenant, driver) in a span of time, newest first, older than `before`."""
        ...


class KnownFences(Protocol):
    """A tenant's active geofences, ready to be asked."""

    async def of(self, tenant_id: str) -> Fences: ...

    def forget(self, tenant_id: str) -> None:
        """Read them again when next asked."""
        ...
