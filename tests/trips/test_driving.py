"""Setting off, reaching stops and ending; twice, late, out of order and two at once."""

import asyncio
from datetime import datetime, timedelta

import pytest

from functions.trips import api, events, wiring
from functions.trips.domain.known import Place, place_of
from functions.trips.domain.refusals import StartOutOfRange, UnknownDriver
from functions.trips.repository import CosmosPlaces
from functions.trips.service.arrivals import Arrivals
from shared.contracts.auth import UserDeleted
from shared.contracts.geofencing import GeofenceChanged
from shared.contracts.trips import StopReached, TripEnded, TripStarted
from shared.errors import Stale
from shared.platform import clock
from shared.platform.clients import container
from shared.records.document import Stored
from tests.support.http import Answer, call
from tests.support.messages import message, told_by
from tests.trips.asking import (
    arrive,
    cancel,
    change,
    check_in,
    company,
    driver,
    entered,
    hear_user,
    plan,
    read,
    start,
    underway,
)

pytestmark = pytest.mark.usefixtures("records")


async def reached(tenant: str, trip_id: str) -> list[str | None]:
    """How each stop was reached, in the planned order."""
    return [stop["how"] for stop in (await read(tenant, trip_id)).json["stops"]]


async def test_from_start_to_the_last_stop(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant)
    first = await arrive(entered(tenant, "north"))
    await check_in(tenant, "south", after_s=2)

    trip = (await read(tenant, trip_id)).json
    assert trip["status"] == "ended"
    assert [stop["how"] for stop in trip["stops"]] == ["geofence", "check-in"]
    assert trip["stops"][0]["reached_at"] == first.at.isoformat().replace("+00:00", "Z")
    assert trip["ended_at"] == trip["stops"][1]["reached_at"]
    told = await told_by("trips", tenant, TripStarted, StopReached, TripEnded)
    assert [each.get("stop_name") for each in told] == [
        None,
        "Stop at north",
        "Stop at south",
        None,
    ]
    assert told[1]["planned_by"] == told[3]["planned_by"] == "boss"


async def test_only_the_assigned_driver_starts(tenant: str) -> None:
    await company(tenant)
    planned = await plan(tenant)
    nobodys = await plan(tenant, driver_id=None)

    for trip_id, who in ((planned.json["id"], "d-2"), (nobodys.json["id"], "d-1")):
        refused = await start(tenant, trip_id, who)
        assert (refused.status, refused.code) == (403, "not-your-trip")
    assert (await start(tenant, "no-such")).code == "not-found"


async def test_a_trip_starts_once(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant)
    again = await start(tenant, trip_id)

    assert (again.status, again.code) == (409, "trip-not-planned")


async def test_a_start_made_from_an_old_version_is_refused(tenant: str) -> None:
    await company(tenant)
    planned = await plan(tenant)
    await change(tenant, planned.json["id"], {"title": "Other round"})

    assert (await start(tenant, planned.json["id"], etag=planned.etag)).code == "stale"


async def test_a_driver_is_on_one_trip_at_a_time(tenant: str) -> None:
    await company(tenant)
    first = await underway(tenant)
    second = (await plan(tenant)).json["id"]
    refused = await start(tenant, second)

    assert (refused.status, refused.code) == (409, "driver-underway")
    assert refused.json["trip_id"] == first
    await cancel(tenant, first)
    assert (await start(tenant, second)).status == 200


@pytest.mark.parametrize("different", [False, True])
async def test_of_two_starts_at_once_one_wins(tenant: str, different: bool) -> None:
    """Of the same trip, or of two trips of the same driver."""
    await company(tenant)
    for _ in range(5):
        one = (await plan(tenant)).json["id"]
        other = (await plan(tenant)).json["id"] if different else one
        answers = await asyncio.gather(*(start(tenant, each) for each in (one, other, one)))
        started = [answer for answer in answers if answer.status == 200]

        assert len(started) <= 1
        assert {answer.status for answer in answers} <= {200, 409, 412}
        states = [(await read(tenant, each)).json["status"] for each in {one, other}]
        assert states.count("underway") == len(started)
        if not started:  # they got in each other's way; then the next try succeeds
            assert (await start(tenant, one)).status == 200
        for each in {one, other}:
            await cancel(tenant, each)


async def test_a_start_that_died_half_way_blocks_neither_itself_nor_another(tenant: str) -> None:
    """The driver was claimed for the trip, and the trip never saved."""
    await company(tenant)
    died, other = (await plan(tenant)).json["id"], (await plan(tenant)).json["id"]
    drivers = wiring.known_drivers()
    claimed = await drivers.get(tenant, "d-1")
    await drivers.save(claimed.now(claimed.document.setting_off(died)), "set off")
    before = (await read(tenant, died)).etag

    assert (await start(tenant, other)).status == 200
    # Were the dead start still running, its version of the trip would now be stale.
    assert (await read(tenant, died)).etag != before
    await cancel(tenant, other)
    assert (await start(tenant, died)).status == 200


async def said_at(tenant: str, trip_id: str, at: datetime) -> Answer:
    body = {"at": at.isoformat()}
    return await call(api.start, body, caller=driver(tenant), trip_id=trip_id)


async def test_a_phone_that_was_out_of_reach_says_when_it_set_off(tenant: str) -> None:
    await company(tenant)
    trip_id = (await plan(tenant)).json["id"]
    an_hour_ago = clock.now() - timedelta(hours=1)
    started = await said_at(tenant, trip_id, an_hour_ago)
    await arrive(entered(tenant, "north", after_s=-1800))

    assert datetime.fromisoformat(started.json["started_at"]) == an_hour_ago
    assert await reached(tenant, trip_id) == ["geofence", None]


@pytest.mark.parametrize("hours", [-25, 1])
async def test_a_start_is_a_day_back_at_most_and_not_in_the_future(tenant: str, hours: int) -> None:
    await company(tenant)
    trip_id = (await plan(tenant)).json["id"]
    refused = await said_at(tenant, trip_id, clock.now() + timedelta(hours=hours))

    assert (refused.status, refused.code) == (422, StartOutOfRange.code)
    assert (await read(tenant, trip_id)).json["status"] == "planned"


async def test_arrivals_from_before_the_start_do_not_count(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant)
    await arrive(entered(tenant, "north", after_s=-60))
    await check_in(tenant, "south", after_s=-60)

    assert await reached(tenant, trip_id) == [None, None]


async def test_arrivals_of_others_and_elsewhere_do_not_count(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant)
    await arrive(entered(tenant, "depot"))
    await arrive(entered(tenant, "north", who="d-2"))
    await arrive(entered(tenant, "north", who="stranger"))
    await arrive(entered(f"{tenant}-other", "north"))

    assert await reached(tenant, trip_id) == [None, None]


async def test_stops_are_reached_in_any_order(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant)
    await arrive(entered(tenant, "south", after_s=5))
    assert await reached(tenant, trip_id) == [None, "geofence"]
    earlier = await arrive(entered(tenant, "north", after_s=1))

    trip = (await read(tenant, trip_id)).json
    assert trip["status"] == "ended"
    assert trip["ended_at"] == trip["stops"][1]["reached_at"]
    assert trip["stops"][0]["reached_at"] == earlier.at.isoformat().replace("+00:00", "Z")


async def test_the_same_arrival_twice_is_one(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant, ["north", "south", "north"])
    event = entered(tenant, "north")
    await arrive(event)
    await arrive(event)
    await events.on_geofence_entered(message(event, message_id="sent-again"))

    assert await reached(tenant, trip_id) == ["geofence", None, None]
    assert len(await told_by("trips", tenant, StopReached)) == 1


async def test_a_place_that_comes_again_needs_a_stop_elsewhere_in_between(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant, ["depot", "north", "depot"])
    await arrive(entered(tenant, "depot", after_s=1))
    await check_in(tenant, "depot", after_s=2)
    assert await reached(tenant, trip_id) == ["geofence", None, None]

    await arrive(entered(tenant, "north", after_s=3))
    await check_in(tenant, "depot", after_s=4)
    assert await reached(tenant, trip_id) == ["geofence", "geofence", "check-in"]


async def test_deliveries_in_a_row_at_one_place_are_reached_together(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant, ["north"] * 50 + ["south"])
    await arrive(entered(tenant, "north"))

    assert await reached(tenant, trip_id) == ["geofence"] * 50 + [None]
    assert len(await told_by("trips", tenant, StopReached)) == 50


@pytest.mark.parametrize("how", ["ended", "cancelled"])
async def test_when_a_trip_is_over_nothing_more_is_reached(tenant: str, how: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant, ["north"])
    await (arrive(entered(tenant, "north")) if how == "ended" else cancel(tenant, trip_id))
    before = await read(tenant, trip_id)
    await arrive(entered(tenant, "north", after_s=9))
    await check_in(tenant, "north", after_s=10)

    assert before.json["status"] == how
    assert (await read(tenant, trip_id)).etag == before.etag


async def test_two_arrivals_at_once_are_both_kept(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant)
    await asyncio.gather(
        arrive(entered(tenant, "north")),
        check_in(tenant, "south"),
        arrive(entered(tenant, "depot")),
    )

    assert await reached(tenant, trip_id) == ["geofence", "check-in"]
    assert len(await told_by("trips", tenant, TripEnded)) == 1


async def test_the_driver_stays_on_the_trip_when_auth_tells_of_them(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant)
    await hear_user(tenant, "d-1", version=2, name="Dora Newname")
    await arrive(entered(tenant, "north"))

    assert await reached(tenant, trip_id) == ["geofence", None]


async def test_a_driver_whom_auth_never_told_of_cannot_set_off(tenant: str) -> None:
    """Their record can only be missing if somebody removed it."""
    await company(tenant)
    planned = await plan(tenant)
    drivers = wiring.known_drivers()
    await drivers.remove(await drivers.get(tenant, "d-1"), "lose")

    assert (await start(tenant, planned.json["id"])).code == UnknownDriver.code
    assert (await read(tenant, planned.json["id"], driver(tenant))).json["status"] == "planned"


class Unseen(CosmosPlaces):
    """Places that appear just after none was found."""

    async def find(self, tenant_id: str, geofence_id: str) -> None:
        return None


async def test_a_place_told_of_twice_at_once_is_looked_at_again(tenant: str) -> None:
    """The second message finds nothing, and then that the first was faster."""
    event = GeofenceChanged(
        tenant_id=tenant,
        at=clock.now() - timedelta(seconds=1),
        geofence_id="depot",
        version=1,
        name="Depot",
        active=True,
        longitude=0,
        latitude=0,
    )
    places = wiring.known_places()
    older = event.model_copy(update={"version": 0, "name": "Old depot"})
    await places.save(Stored(place_of(older)), "keep place")

    late = Unseen(container("trips"), Place, clock.now)
    with pytest.raises(Stale):
        await Arrivals(wiring.all_trips(), wiring.known_drivers(), late).keep_place(event)


async def forget(tenant: str, user_id: str) -> None:
    gone = UserDeleted(tenant_id=tenant, at=clock.now(), user_id=user_id)
    await events.on_user_deleted(message(gone))


async def test_a_deleted_driver_is_planned_no_more_and_their_trip_goes_on(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant)
    await forget(tenant, "d-1")
    await hear_user(tenant, "d-1", version=9, name="Dora")

    kept = (await wiring.known_drivers().get(tenant, "d-1")).document
    assert (kept.name, kept.drives, kept.trip_id) == ("", False, trip_id)
    planned = await plan(tenant, driver_id="d-1")
    assert (planned.status, planned.code) == (422, "unknown-driver")


async def test_who_was_deleted_before_they_were_known_stays_unknown(tenant: str) -> None:
    await forget(tenant, "d-9")
    await hear_user(tenant, "d-9")
    kept = (await wiring.known_drivers().get(tenant, "d-9")).document
    assert (kept.name, kept.drives, kept.forgotten) == ("", False, True)
