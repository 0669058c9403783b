"""More at once than one save can take, and others who are faster."""

import asyncio
from collections.abc import Sequence

import pytest

from functions.geofencing import wiring
from functions.geofencing.domain.driver import MAX_EVENTS_A_SAVE, Driver
from functions.geofencing.domain.engine import Transition
from functions.geofencing.models import ReportPositions
from functions.geofencing.service.positions import ATTEMPTS, MOST_SAVES_OF_EVENTS, PositionService
from shared.contracts import Told
from shared.contracts.geofencing import GeofenceEntered, GeofenceExited
from shared.errors import Stale, Unavailable
from shared.platform import clock
from shared.records.document import Beside, Stored
from tests.geofencing.asking import create, driver, position, report, through
from tests.geofencing.ways import circle
from tests.support.messages import told_by

pytestmark = pytest.mark.usefixtures("records")


async def test_more_events_than_one_batch_takes_are_all_told(tenant: str) -> None:
    many = MAX_EVENTS_A_SAVE + 15
    await asyncio.gather(
        *(create(tenant, circle(radius_m=60 + n / 10), f"Ring {n}") for n in range(many))
    )
    await report(driver(tenant), through())

    told = await told_by("geofencing", tenant, GeofenceEntered, GeofenceExited)
    assert len(told) == 2 * many
    assert len({each["id"] for each in told}) == 2 * many


async def test_waiting_events_are_told_with_the_next_report_even_an_empty_one(
    tenant: str,
) -> None:
    """As if the process had died between two saves of one report."""
    await create(tenant)
    await report(driver(tenant), way := through())
    stored = await wiring.all_drivers().get(tenant, "d-1")
    track = stored.document.track
    waiting = track.standing(await wiring.known_fences().of(tenant))
    owing = track.model_copy(update={"waiting": tuple(each._replace(fix_ms=1) for each in waiting)})
    await wiring.all_drivers().save(
        stored.now(stored.document.model_copy(update={"track": owing})), "die"
    )

    again = await report(driver(tenant), way)

    assert again.json["duplicate"] == 8
    assert len(await told_by("geofencing", tenant, GeofenceEntered, GeofenceExited)) == 4


class Rival:
    """Drivers kept for real, until the second save: then somebody else was faster."""

    def __init__(self) -> None:
        self.saves = 0

    async def find(self, tenant_id: str, driver_id: str) -> Stored[Driver] | None:
        return await wiring.all_drivers().find(tenant_id, driver_id)

    async def get(self, tenant_id: str, document_id: str, key: str | None = None) -> Stored[Driver]:
        return await wiring.all_drivers().get(tenant_id, document_id, key)

    async def save(
        self, stored: Stored[Driver], action: str, *told: Told, beside: Sequence[Beside] = ()
    ) -> Stored[Driver]:
        self.saves += 1
        if self.saves > 1:
            raise Stale("somebody was faster")
        return await wiring.all_drivers().save(stored, action, *told, beside=beside)

    async def remove(
        self, stored: Stored[Driver], action: str, *told: Told, beside: Sequence[Beside] = ()
    ) -> None:
        raise AssertionError("nobody removes drivers")


class AlwaysFaster(Rival):
    """Drivers whom somebody else saves just before, every time."""

    async def save(
        self, stored: Stored[Driver], action: str, *told: Told, beside: Sequence[Beside] = ()
    ) -> Stored[Driver]:
        self.saves += 1
        raise Stale("somebody was faster")


async def test_in_a_crowd_one_is_asked_to_come_again(tenant: str) -> None:
    crowd = AlwaysFaster()
    service = PositionService(crowd, wiring.known_fences(), clock.now)
    wish = ReportPositions.model_validate({"positions": [position(clock.now(), 0)]})

    with pytest.raises(Unavailable) as refused:
        await service.report(driver(tenant), wish)
    assert refused.value.more == {"retry_after_s": 1}
    assert crowd.saves == ATTEMPTS


async def test_the_rest_of_many_events_is_left_to_whoever_was_faster(tenant: str) -> None:
    many = MAX_EVENTS_A_SAVE // 2 + 5
    await asyncio.gather(*(create(tenant, circle(radius_m=60 + n / 10)) for n in range(many)))
    way = through()
    service = PositionService(Rival(), wiring.known_fences(), clock.now)
    wish = ReportPositions.model_validate({"positions": way})

    assert (await service.report(driver(tenant), wish)).accepted == 8
    told = await told_by("geofencing", tenant, GeofenceEntered, GeofenceExited)
    assert len(told) == MAX_EVENTS_A_SAVE
    await report(driver(tenant), way[:1])
    told = await told_by("geofencing", tenant, GeofenceEntered, GeofenceExited)
    assert len(told) == 2 * many


async def test_a_crowd_beyond_all_saves_of_one_report_goes_on_with_the_next(tenant: str) -> None:
    await create(tenant)
    await report(driver(tenant), way := through())
    stored = await wiring.all_drivers().get(tenant, "d-1")
    one = Transition("entered", "g", 0, 0, 13.4, 52.5)
    waiting = tuple(one._replace(fix_ms=n) for n in range((MOST_SAVES_OF_EVENTS + 2) * 90))
    track = stored.document.track.model_copy(update={"waiting": waiting})
    crowded = stored.document.model_copy(update={"track": track})
    await wiring.all_drivers().save(stored.now(crowded), "wait")

    await report(driver(tenant), way)
    left = (await wiring.all_drivers().get(tenant, "d-1")).document.track.waiting
    assert len(left) == 90
    await report(driver(tenant), way)
    assert (await wiring.all_drivers().get(tenant, "d-1")).document.track.waiting == ()
