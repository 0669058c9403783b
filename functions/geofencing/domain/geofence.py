"""A geofence, and what others are told of it."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime

from functions.geofencing.domain.refusals import GeofenceRetired, ValidFromOutOfRange
from functions.geofencing.domain.shapes import Circle, Polygon, Shape, checked
from shared.contracts.geofencing import GeofenceChanged
from shared.records.document import Document

GEOFENCES = "geofences"
LONGEST_BACK = timedelta(hours=24)  # as old as a position may be


class Geofence(Document):
    """A named place. All of a tenant share a partition, so that one read knows if any changed.

    `shape_version` is the version that gave it its shape, in force since `shaped_at`: positions
    from before say nothing about it.
    """

    name: str
    shape: Shape
    active: bool = True
    version: int = 1
    shape_version: int = 1
    shaped_at: AwareDatetime
    created_at: AwareDatetime
    changed_at: AwareDatetime

    @property
    def key(self) -> str:
        return GEOFENCES

    def changed(
        self, at: datetime, name: str | None = None, shape: Circle | Polygon | None = None
    ) -> "Geofence":
        """Raises GeofenceRetired, or what `checked` raises."""
        if not self.active:
            raise GeofenceRetired(f"{self.name} was retired; make a new geofence.")
        update: dict[str, object] = {"version": self.version + 1, "changed_at": at}
        if name is not None:
            update["name"] = name
        if shape is not None:
            update |= {
                "shape": checked(shape),
                "shape_version": self.version + 1,
                "shaped_at": at,
            }
        return self.model_copy(update=update)

    def retired(self, at: datetime) -> "Geofence":
        return self.model_copy(
            update={"active": False, "version": self.version + 1, "changed_at": at}
        )

    def told(self) -> GeofenceChanged:
        """The snapshot that others keep."""
        longitude, latitude = self.shape.middle
        return GeofenceChanged(
            tenant_id=self.tenant_id,
            at=self.changed_at,
            geofence_id=self.id,
            version=self.version,
            name=self.name,
            active=self.active,
            longitude=longitude,
            latitude=latitude,
        )


def in_force_since(valid_from: datetime | None, now: datetime) -> datetime:
    """From when on positions count. Raises ValidFromOutOfRange."""
    if valid_from is None:
        return now
    if not now - LONGEST_BACK <= valid_from <= now:
        raise ValidFromOutOfRange("`valid_from` is at most 24 hours back, and not in the future.")
    return valid_from


class FenceSet(Document):
    """Replaced beside every geofence that changes: who has the same `stamp` has all of them."""

    stamp: str

    @property
    def key(self) -> str:
        return GEOFENCES


FENCE_SET = "fence-set"
