"""What auth tells of people, and what it means for their positions."""

import pytest

from functions.geofencing import api, events, wiring
from functions.geofencing.domain.driver import Driver
from functions.geofencing.repository import CosmosDrivers
from functions.geofencing.service.positions import PositionService
from shared.contracts.auth import UserChanged, UserDeleted
from shared.errors import Stale
from shared.platform import clock
from shared.platform.clients import container
from tests.geofencing.asking import create, dispatcher, driver, position, report
from tests.support.http import call
from tests.support.messages import message

pytestmark = pytest.mark.usefixtures("records")


def changed(tenant: str, version: int = 1, **more: object) -> UserChanged:
    told = {
        "tenant_id": tenant,
        "at": clock.now(),
        "user_id": "d-1",
        "version": version,
        "name": "Dora",
        "email": "dora@example.com",
        "phone": None,
        "roles": ["driver"],
        "active": True,
        **more,
    }
    return UserChanged.model_validate(told)


async def hear(event: UserChanged) -> None:
    await events.on_user_changed(message(event))


async def test_a_disabled_driver_reports_no_more_and_checks_in_no_more(tenant: str) -> None:
    made = await create(tenant)
    await hear(changed(tenant))
    assert (await report(driver(tenant), [position(clock.now(), 0)])).status == 200
    await hear(changed(tenant, 2, active=False))

    refused = await report(driver(tenant), [position(clock.now(), 0)])
    check_in = {"geofence_id": made.json["id"], **position(clock.now(), 0)}
    also = await call(api.check_in, check_in, caller=driver(tenant))
    assert (refused.status, refused.code) == (403, "driver-not-active")
    assert (also.status, also.code) == (403, "driver-not-active")


async def test_an_older_snapshot_changes_nothing(tenant: str) -> None:
    await hear(changed(tenant, 3, name="Dora the Third"))
    await hear(changed(tenant, 2, active=False))
    await hear(changed(tenant, 3, active=False))

    known = (await wiring.all_drivers().get(tenant, "d-1")).document
    assert (known.name, known.active, known.user_version) == ("Dora the Third", True, 3)


async def test_the_same_message_twice_is_one_change(tenant: str) -> None:
    event = changed(tenant)
    await hear(event)
    once = await wiring.all_drivers().get(tenant, "d-1")
    await hear(event)

    assert (await wiring.all_drivers().get(tenant, "d-1")).etag == once.etag


async def test_the_name_follows_auth_and_the_way_stays(tenant: str) -> None:
    await report(driver(tenant), [position(clock.now(), 0)])
    await hear(changed(tenant, name="Dora Newname"))
    answer = await call(
        api.read_latest_position, method="GET", caller=dispatcher(tenant), driver_id="d-1"
    )

    assert (answer.json["driver_name"], answer.json["active"]) == ("Dora Newname", True)


async def test_people_who_never_report_are_not_kept(tenant: str) -> None:
    await hear(changed(tenant, roles=["member"]))

    assert await wiring.all_drivers().find(tenant, "d-1") is None


class Unseen(CosmosDrivers):
    """Drivers who report for the first time just after nobody was found."""

    async def find(self, tenant_id: str, driver_id: str) -> None:
        return None


async def test_a_driver_who_reports_first_meanwhile_is_looked_at_again(tenant: str) -> None:
    await report(driver(tenant), [position(clock.now(), 0)])
    unseen = Unseen(container("geofencing"), Driver, clock.now)
    service = PositionService(unseen, wiring.known_fences(), clock.now)

    with pytest.raises(Stale):
        await service.keep_driver(changed(tenant))


async def test_a_deleted_driver_is_forgotten_whatever_comes_late(tenant: str) -> None:
    await hear(changed(tenant))
    await report(driver(tenant), [position(clock.now(), 0)])
    gone = UserDeleted(tenant_id=tenant, at=clock.now(), user_id="d-1")
    for message_id in ("m-1", "m-1", "m-2"):
        await events.on_user_deleted(message(gone, message_id=message_id))
    await hear(changed(tenant, 9, name="Dora"))

    kept = await wiring.all_drivers().get(tenant, "d-1")
    assert (kept.document.name, kept.document.active, kept.document.latest) == ("", False, None)
    refused = await report(driver(tenant), [position(clock.now(), 0)])
    assert (refused.status, refused.code) == (403, "driver-not-active")


async def test_who_was_deleted_before_they_were_known_stays_unknown(tenant: str) -> None:
    await events.on_user_deleted(
        message(UserDeleted(tenant_id=tenant, at=clock.now(), user_id="d-1"))
    )
    await hear(changed(tenant))
    kept = await wiring.all_drivers().get(tenant, "d-1")
    assert kept.document.name == ""
    assert kept.document.ttl


async def test_a_driver_who_comes_while_they_are_forgotten_is_forgotten(tenant: str) -> None:
    unseen = Unseen(container("geofencing"), Driver, clock.now)
    service = PositionService(unseen, wiring.known_fences(), clock.now)
    await hear(changed(tenant))
    with pytest.raises(Stale):
        await service.forget_driver(UserDeleted(tenant_id=tenant, at=clock.now(), user_id="d-1"))
