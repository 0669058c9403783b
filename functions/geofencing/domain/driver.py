"""Somebody who reports positions: what auth says of them, and their way."""

from collections.abc import Sequence
from hashlib import sha256
from typing import ClassVar
from uuid import UUID

from functions.geofencing.domain.engine import ENTERED, Transition
from functions.geofencing.domain.fences import Fences
from functions.geofencing.domain.fixes import moment
from functions.geofencing.domain.positions import Position
from functions.geofencing.domain.refusals import DriverNotActive
from functions.geofencing.domain.track import Standing, Track
from shared.contracts.auth import UserChanged
from shared.contracts.geofencing import GeofenceEntered, GeofenceExited
from shared.identity.permissions import Role
from shared.records.document import Document

REPORTING = frozenset({Role.DRIVER, Role.ADMIN})
FORGOTTEN_FOR_S = 30 * 24 * 60 * 60  # messages live 14 days
MAX_EVENTS_A_SAVE = 90  # a Cosmos batch takes 100 operations, and the rest needs some


class Driver(Document):
    """`user_version` is auth's, 0 as long as auth has not told of them.

    Not audited: positions are kept as they came, and no longer than they may be.
    """

    audited: ClassVar[bool] = False

    name: str
    active: bool = True
    user_version: int = 0
    latest: Position | None = None
    track: Track = Track()
    forgotten: bool = False

    def known_as(self, event: UserChanged) -> "Driver":
        """Itself if the event is older than what is known, or they are to be forgotten."""
        if self.forgotten or event.version <= self.user_version:
            return self
        return self.model_copy(
            update={
                "name": event.name,
                "active": event.active,
                "user_version": event.version,
            }
        )

    def forget(self) -> "Driver":
        """Nothing of them but the id, for as long as an older message might yet come."""
        return Driver(
            id=self.id,
            tenant_id=self.tenant_id,
            name="",
            active=False,
            forgotten=True,
            ttl=FORGOTTEN_FOR_S,
        )

    def must_be_active(self) -> None:
        if not self.active:
            raise DriverNotActive("This login was switched off.")

    def reporting(
        self, positions: Sequence[Position], fences: Fences
    ) -> tuple["Driver", list[Standing]]:
        """With the positions, and what became of each."""
        fixes = [position.fix for position in positions]
        standings = self.track.standings(fixes)
        latest = max(
            [*([self.latest] if self.latest else []), *positions], key=lambda each: each.fix
        )
        track = self.track.merged(fixes, fences)
        return self.model_copy(update={"track": track, "latest": latest}), standings

    def telling(self) -> tuple["Driver", list[GeofenceEntered | GeofenceExited]]:
        """As many of the waiting events as one save can take, and the driver without them."""
        track, transitions = self.track.telling(MAX_EVENTS_A_SAVE)
        driver = self.model_copy(update={"track": track})
        return driver, [self._event(transition) for transition in transitions]

    def _event(self, transition: Transition) -> GeofenceEntered | GeofenceExited:
        kind = GeofenceEntered if transition.kind == ENTERED else GeofenceExited
        return kind(
            id=event_id(self.tenant_id, self.id, transition),
            tenant_id=self.tenant_id,
            at=moment(transition.crossed_ms),
            driver_id=self.id,
            geofence_id=transition.geofence_id,
            longitude=transition.longitude,
            latitude=transition.latitude,
        )


def event_id(tenant_id: str, driver_id: str, transition: Transition) -> str:
    """The same crossing always has the same id, however often and in what order it is found."""
    named = (
        tenant_id,
        driver_id,
        transition.geofence_id,
        transition.kind,
        str(transition.fix_ms),
    )
    return str(UUID(bytes=sha256("\x1f".join(named).encode()).digest()[:16], version=5))


def may_report(event: UserChanged) -> bool:
    return not REPORTING.isdisjoint(event.roles)
