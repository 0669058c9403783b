"""What trips know of others' things: who drives, and which places there are."""

from typing import ClassVar

from shared.contracts.auth import UserChanged, UserDeleted
from shared.contracts.geofencing import GeofenceChanged
from shared.identity.permissions import Role
from shared.records.document import Document

FORGOTTEN_FOR_S = 30 * 24 * 60 * 60  # messages live 14 days
DRIVING = frozenset({Role.DRIVER, Role.ADMIN})


class Driver(Document):
    """A user who drives or once did: a copy. `trip_id` is the trip they last set off for.

    Whoever starts a trip saves this first, so that of two starts at once one fails; `claims` counts
    them.
    """

    audited: ClassVar[bool] = False

    version: int
    name: str
    drives: bool
    trip_id: str | None = None
    claims: int = 0
    forgotten: bool = False

    def known_as(self, event: UserChanged) -> "Driver":
        """Itself if the event is older than what is known, or they are to be forgotten."""
        if self.forgotten or event.version <= self.version:
            return self
        return self.model_copy(update=_told_of(event))

    def forget(self) -> "Driver":
        """Nothing of them but the id and their trip, for as long as an older message might come."""
        update = {"name": "", "drives": False, "forgotten": True, "ttl": FORGOTTEN_FOR_S}
        return self.model_copy(update=update)

    def setting_off(self, trip_id: str) -> "Driver":
        return self.model_copy(update={"trip_id": trip_id, "claims": self.claims + 1})


class Place(Document):
    """A geofence, as far as trips care: a copy."""

    audited: ClassVar[bool] = False

    version: int
    name: str
    active: bool

    def known_as(self, event: GeofenceChanged) -> "Place":
        """Itself if the event is older than what is known."""
        return self if event.version <= self.version else place_of(event)


def driver_of(event: UserChanged) -> Driver:
    return Driver(id=event.user_id, tenant_id=event.tenant_id, **_told_of(event))


def nobody(event: UserDeleted) -> Driver:
    return Driver(id=event.user_id, tenant_id=event.tenant_id, version=0, name="", drives=False)


def place_of(event: GeofenceChanged) -> Place:
    return Place(
        id=event.geofence_id,
        tenant_id=event.tenant_id,
        version=event.version,
        name=event.name,
        active=event.active,
    )


def may_drive(event: UserChanged) -> bool:
    return not DRIVING.isdisjoint(event.roles)


def _told_of(event: UserChanged) -> dict[str, object]:
    drives = event.active and may_drive(event)
    return {"version": event.version, "name": event.name, "drives": drives}
