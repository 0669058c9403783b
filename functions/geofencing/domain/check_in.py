"""A driver says "I am here": what makes us believe it."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from functions.geofencing.domain.areas import area_of
from functions.geofencing.domain.geofence import Geofence
from functions.geofencing.domain.positions import Doubt, Position, doubt
from functions.geofencing.domain.refusals import (
    CheckInTooOld,
    FromTheFuture,
    GeofenceRetired,
    TooInaccurate,
)
from shared.contracts.geofencing import CheckedIn
from shared.records.document import Document

MAX_ACCURACY_M = 100.0
MAX_AGE = timedelta(minutes=10)


class Verdict(StrEnum):
    """What became of a check-in."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class CheckIn(Document):
    """Refused ones are kept too: dispatchers see who tried from where.

    `distance_m` is to the geofence's boundary, 0 inside.
    """

    driver_id: str
    geofence_id: str
    geofence_name: str
    at: AwareDatetime
    longitude: float
    latitude: float
    accuracy_m: float
    distance_m: float
    verdict: Verdict
    received_at: AwareDatetime

    @property
    def key(self) -> str:
        return self.driver_id

    def told(self) -> CheckedIn:
        return CheckedIn(
            tenant_id=self.tenant_id,
            at=self.at,
            check_in_id=self.id,
            driver_id=self.driver_id,
            geofence_id=self.geofence_id,
            longitude=self.longitude,
            latitude=self.latitude,
        )


def judged(
    check_in_id: str, driver_id: str, geofence: Geofence, position: Position, now: datetime
) -> CheckIn:
    """Accepted if the position, give or take its accuracy, is in the geofence.

    Raises GeofenceRetired, TooInaccurate, CheckInTooOld or FromTheFuture.
    """
    if not geofence.active:
        raise GeofenceRetired(f"{geofence.name} was retired.")
    accuracy_m = _accuracy_m(position)
    _must_be_now(position.at, now)
    area = area_of(geofence.shape)
    distance_m = max(0.0, area.metres_outside((position.longitude, position.latitude)))
    return CheckIn(
        id=check_in_id,
        tenant_id=geofence.tenant_id,
        driver_id=driver_id,
        geofence_id=geofence.id,
        geofence_name=geofence.name,
        at=position.at,
        longitude=position.longitude,
        latitude=position.latitude,
        accuracy_m=accuracy_m,
        distance_m=round(distance_m, 1),
        verdict=Verdict.ACCEPTED if distance_m <= accuracy_m else Verdict.REFUSED,
        received_at=now,
    )


def _accuracy_m(position: Position) -> float:
    if position.accuracy_m is None or position.accuracy_m > MAX_ACCURACY_M:
        raise TooInaccurate(
            f"The position may be off by {position.accuracy_m} m; "
            f"a check-in needs one within {MAX_ACCURACY_M:.0f} m. Wait for a better one.",
            max_accuracy_m=MAX_ACCURACY_M,
        )
    return position.accuracy_m


def _must_be_now(at: datetime, now: datetime) -> None:
    if doubt(at, now) is Doubt.FROM_THE_FUTURE:
        raise FromTheFuture("The device's clock is ahead of ours; set it and check in again.")
    if at < now - MAX_AGE:
        raise CheckInTooOld("The position is older than 10 minutes; check in with a new one.")
