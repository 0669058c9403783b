"""Positions as devices report them, and in how far their time can be believed."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from pydantic import AwareDatetime, ConfigDict

from functions.geofencing.domain.fixes import Fix, fix, milliseconds
from shared.model import Model
from shared.records.document import Document

MAX_AHEAD = timedelta(minutes=2)
MAX_AGE = timedelta(hours=24)
KEPT_S = 90 * 24 * 60 * 60
PLACE_IN_TIME = re.compile(r"^\d{15}\.-?\d+\.-?\d+\.\d+$")


class Doubt(StrEnum):
    """Why a position is rejected."""

    FROM_THE_FUTURE = "from-the-future"
    TOO_OLD = "too-old"


class Position(Model):
    """Where a device said it was; `at` is its own time."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    at: AwareDatetime
    longitude: float
    latitude: float
    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None

    @property
    def fix(self) -> Fix:
        return fix(self.at, self.longitude, self.latitude, self.accuracy_m)

    @property
    def place_in_time(self) -> str:
        """Sorts as time does and differs between positions that differ: what a page ends with."""
        at_ms, lon_e7, lat_e7, accuracy_dm = self.fix
        return f"{at_ms:015}.{lon_e7}.{lat_e7}.{accuracy_dm}"


class PositionChunk(Document):
    """The positions of one report, kept 90 days. The same report twice is the same document."""

    driver_id: str
    first_at_ms: int
    last_at_ms: int
    positions: tuple[Position, ...]
    ttl: int | None = KEPT_S

    @property
    def key(self) -> str:
        return self.driver_id


def doubt(at: datetime, now: datetime) -> Doubt | None:
    if at > now + MAX_AHEAD:
        return Doubt.FROM_THE_FUTURE
    if at < now - MAX_AGE:
        return Doubt.TOO_OLD
    return None


def chunk_of(tenant_id: str, driver_id: str, positions: Iterable[Position]) -> PositionChunk:
    """Its id sorts by the time of its last position."""
    ordered = tuple(sorted(positions, key=lambda each: each.fix))
    content = "\n".join(each.model_dump_json() for each in ordered)
    first_ms, last_ms = milliseconds(ordered[0].at), milliseconds(ordered[-1].at)
    return PositionChunk(
        id=f"positions:{last_ms:015}:{sha256(content.encode()).hexdigest()[:32]}",
        tenant_id=tenant_id,
        driver_id=driver_id,
        first_at_ms=first_ms,
        last_at_ms=last_ms,
        positions=ordered,
    )


def newest_first(positions: Iterable[Position], limit: int) -> Sequence[Position]:
    """Each place in time once."""
    unique = {each.place_in_time: each for each in positions}
    return [unique[place] for place in sorted(unique, reverse=True)[:limit]]
