"""Positions over HTTP: taken, told, listed, and whose are refused."""

import asyncio
from datetime import timedelta

import pytest

from functions.geofencing import api, wiring
from shared.contracts.geofencing import GeofenceEntered, GeofenceExited
from shared.platform import clock
from shared.platform.clients import container
from tests.geofencing.asking import create, dispatcher, driver, listed, position, report, through
from tests.support.http import call
from tests.support.messages import told_by

pytestmark = pytest.mark.usefixtures("records")


async def test_a_way_through_a_geofence_tells_arrival_and_departure(tenant: str) -> None:
    made = await create(tenant)
    way = through()
    answer = await report(driver(tenant), way)

    assert answer.status == 200
    assert (answer.json["accepted"], answer.json["rejected"]) == (8, 0)
    (entered,) = await told_by("geofencing", tenant, GeofenceEntered)
    (exited,) = await told_by("geofencing", tenant, GeofenceExited)
    assert entered["geofence_id"] == exited["geofence_id"] == made.json["id"]
    assert entered["driver_id"] == exited["driver_id"] == "d-1"
    times = [entered["at"], exited["at"]]
    assert str(way[2]["at"]) < times[0].replace("Z", "+00:00") < times[1].replace("Z", "+00:00")


async def test_the_same_report_twice_has_one_effect(tenant: str) -> None:
    await create(tenant)
    way = through()
    await report(driver(tenant), way)
    again = await report(driver(tenant), way)

    assert (again.json["accepted"], again.json["duplicate"]) == (0, 8)
    assert len(await told_by("geofencing", tenant, GeofenceEntered, GeofenceExited)) == 2
    assert len((await listed(driver(tenant))).json["items"]) == 8


async def test_single_positions_in_reverse_tell_the_same_events(tenant: str) -> None:
    await create(tenant)
    way = through()
    await report(driver(tenant, "in-order"), way)
    for each in reversed(way):
        await report(driver(tenant, "reversed"), [each])

    drivers = wiring.all_drivers()
    in_order = (await drivers.get(tenant, "in-order")).document.track
    backwards = (await drivers.get(tenant, "reversed")).document.track
    fences = await wiring.known_fences().of(tenant)
    assert in_order.standing(fences) == backwards.standing(fences)
    assert set(in_order.told) <= set(backwards.told)


async def test_two_reports_at_once_are_both_taken(tenant: str) -> None:
    await create(tenant)
    way = through()
    answers = await asyncio.gather(
        report(driver(tenant), way[:3]),
        report(driver(tenant), way[3:]),
        report(driver(tenant), way),
    )

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert len((await listed(driver(tenant))).json["items"]) == 8
    told = await told_by("geofencing", tenant, GeofenceEntered)
    assert len({each["id"] for each in told}) == len(told) >= 1


async def test_positions_are_judged_one_by_one(tenant: str) -> None:
    now = clock.now()
    sent = [
        position(now, 0),
        position(now + timedelta(minutes=3), 0),
        position(now - timedelta(hours=25), 0),
        position(now, 0),
        position(now - timedelta(seconds=5), 0, accuracy_m=80),
        position(now - timedelta(seconds=9), 0, accuracy_m=None),
    ]
    answer = await report(driver(tenant), sent)

    assert [(each["verdict"], each["reason"]) for each in answer.json["verdicts"]] == [
        ("accepted", None),
        ("rejected", "from-the-future"),
        ("rejected", "too-old"),
        ("duplicate", None),
        ("accepted", "too-inaccurate-for-geofences"),
        ("accepted", None),
    ]
    assert [each["index"] for each in answer.json["verdicts"]] == list(range(6))
    assert len((await listed(driver(tenant))).json["items"]) == 3


async def test_what_is_older_than_the_window_is_kept_and_tells_nothing(tenant: str) -> None:
    await create(tenant)
    now = clock.now()
    await report(driver(tenant), [position(now - timedelta(hours=5), 900)])
    await report(driver(tenant), [position(now, 900)])
    late = await report(driver(tenant), [position(now - timedelta(hours=6), 0)])

    assert late.json["verdicts"][0] == {
        "index": 0,
        "verdict": "late",
        "reason": "older-than-the-window",
    }
    assert len((await listed(driver(tenant))).json["items"]) == 3
    assert await told_by("geofencing", tenant, GeofenceEntered) == []


async def test_a_clock_that_is_ahead_is_told(tenant: str) -> None:
    ahead = [position(clock.now() + timedelta(minutes=n), 0) for n in (3, 4)]
    refused = await report(driver(tenant), ahead)

    assert (refused.status, refused.code) == (422, "from-the-future")


async def test_only_old_positions_are_answered_and_not_kept(tenant: str) -> None:
    old = await report(driver(tenant), [position(clock.now() - timedelta(days=2), 0)])

    assert (old.status, old.json["rejected"]) == (200, 1)
    assert (await listed(driver(tenant))).json["items"] == []


async def test_a_position_off_the_earth_is_named_by_its_index(tenant: str) -> None:
    bad = {**position(clock.now(), 0), "latitude": 90.5, "accuracy_m": -1}
    refused = await report(driver(tenant), [position(clock.now(), 0), bad])

    assert (refused.status, refused.code) == (422, "invalid")
    assert {each["at"] for each in refused.json["fields"]} == {
        "positions.1.latitude",
        "positions.1.accuracy_m",
    }


@pytest.mark.parametrize("count", [0, 501])
async def test_a_report_has_1_to_500_positions(tenant: str, count: int) -> None:
    start = clock.now() - timedelta(hours=1)
    sent = [position(start + timedelta(seconds=n), 0) for n in range(count)]

    assert (await report(driver(tenant), sent)).status == 422


async def test_the_list_is_newest_first_in_pages_over_overlapping_reports(tenant: str) -> None:
    start = clock.now() - timedelta(hours=1)
    way = [position(start + timedelta(seconds=n), n) for n in range(60)]
    for first in range(3):
        await report(driver(tenant), way[first::3])
    for each in (position(start - timedelta(seconds=n), 0) for n in range(1, 25)):
        await report(driver(tenant), [each])

    times: list[str] = []
    query = {"limit": "17"}
    while True:
        page = (await listed(driver(tenant), **query)).json
        times += [item["at"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]

    at_once = (await listed(driver(tenant), limit="100")).json["items"]

    assert len(times) == 84
    assert times == sorted(set(times), reverse=True)
    assert [item["at"] for item in at_once] == times


async def test_the_list_is_of_a_span_of_time(tenant: str) -> None:
    start = clock.now() - timedelta(hours=1)
    await report(driver(tenant), [position(start + timedelta(seconds=n), n) for n in range(60)])
    since, until = start + timedelta(seconds=10), start + timedelta(seconds=19)
    page = await listed(driver(tenant), **{"from": since.isoformat(), "to": until.isoformat()})

    assert len(page.json["items"]) == 10


@pytest.mark.parametrize("cursor", ["YWZ0ZXI6eA==", "nonsense"])
async def test_a_foreign_cursor_is_refused(tenant: str, cursor: str) -> None:
    refused = await listed(driver(tenant), cursor=cursor)

    assert (refused.status, refused.code) == (400, "malformed")


async def test_drivers_see_themselves_and_dispatchers_see_all(tenant: str) -> None:
    await report(driver(tenant), [position(clock.now(), 0)])
    colleague = driver(tenant, "d-2")

    async def latest(caller: object, who: str) -> tuple[int, str | None]:
        answer = await call(
            api.read_latest_position,
            method="GET",
            caller=caller,  # type: ignore[arg-type]  # shortened for the table below
            driver_id=who,
        )
        return answer.status, None if answer.status == 200 else answer.code

    assert await latest(driver(tenant), "d-1") == (200, None)
    assert await latest(dispatcher(tenant), "d-1") == (200, None)
    assert await latest(colleague, "d-1") == (403, "not-your-positions")
    assert await latest(colleague, "d-2") == (404, "not-found")
    assert (await listed(colleague, driver_id="d-1")).code == "not-your-positions"
    theirs = await listed(dispatcher(tenant), driver_id="d-1")
    assert len(theirs.json["items"]) == 1


async def test_the_latest_position_is_the_latest_by_its_own_time(tenant: str) -> None:
    now = clock.now()
    await report(driver(tenant), [position(now, 77)])
    await report(driver(tenant), [position(now - timedelta(minutes=5), 0)])
    answer = await call(
        api.read_latest_position, method="GET", caller=driver(tenant), driver_id="d-1"
    )

    assert answer.json["driver_name"] == "Dora Driver"
    assert answer.json["position"]["longitude"] == position(now, 77)["longitude"]


async def test_who_may_not_report(tenant: str) -> None:
    refused = await report(dispatcher(tenant), [position(clock.now(), 0)])

    assert (refused.status, refused.code) == (403, "forbidden")


async def test_positions_expire_and_where_somebody_was_is_not_in_the_audit_trail(
    tenant: str,
) -> None:
    await report(driver(tenant), [position(clock.now(), 0)])
    found = container("geofencing").query_items(
        "SELECT * FROM c WHERE c.tenant_id = @tenant",
        parameters=[{"name": "@tenant", "value": tenant}],
        partition_key=[tenant, "d-1"],
    )
    items = {item["kind"]: item async for item in found}

    assert items["PositionChunk"]["ttl"] == 90 * 24 * 3600
    assert "audit" not in items
