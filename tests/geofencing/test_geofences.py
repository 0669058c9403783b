"""Geofences over HTTP: made, changed, retired, listed, and who may."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from functions.geofencing import api
from functions.geofencing.domain.refusals import ValidFromOutOfRange
from shared.contracts.geofencing import GeofenceChanged, GeofenceEntered
from shared.platform import clock
from tests.geofencing.asking import create, dispatcher, driver, report, through
from tests.geofencing.ways import CENTRE, circle, square
from tests.support.http import Answer, call
from tests.support.messages import told_by

pytestmark = pytest.mark.usefixtures("records")


async def read(tenant: str, geofence_id: str) -> Answer:
    return await call(
        api.read_geofence, method="GET", caller=driver(tenant), geofence_id=geofence_id
    )


async def change(
    tenant: str, geofence_id: str, body: Mapping[str, object], etag: str | None
) -> Answer:
    return await call(
        api.change_geofence,
        body,
        method="PATCH",
        caller=dispatcher(tenant),
        headers={"if-match": etag} if etag else {},
        geofence_id=geofence_id,
    )


async def retire(tenant: str, geofence_id: str, etag: str) -> Answer:
    return await call(
        api.retire_geofence,
        method="DELETE",
        caller=dispatcher(tenant),
        headers={"if-match": etag},
        geofence_id=geofence_id,
    )


async def test_a_geofence_is_made_told_and_read_back(tenant: str) -> None:
    made = await create(tenant, square())
    again = await read(tenant, made.json["id"])

    assert (made.status, made.json["version"], made.json["active"]) == (201, 1, True)
    assert again.json == made.json
    assert again.etag == made.etag
    (told,) = await told_by("geofencing", tenant, GeofenceChanged)
    assert (told["geofence_id"], told["version"], told["active"]) == (made.json["id"], 1, True)
    assert (told["longitude"], told["latitude"]) == pytest.approx(CENTRE, abs=1e-6)


async def test_each_change_is_a_version_of_its_own(tenant: str) -> None:
    made = await create(tenant)
    renamed = await change(tenant, made.json["id"], {"name": "Yard"}, made.etag)
    shape = square().model_dump(mode="json")
    reshaped = await change(tenant, made.json["id"], {"shape": shape}, renamed.etag)
    gone = await retire(tenant, made.json["id"], reshaped.etag)

    assert (renamed.status, renamed.json["name"], renamed.json["version"]) == (200, "Yard", 2)
    assert reshaped.json["shape"]["type"] == "polygon"
    assert gone.status == 204
    told = await told_by("geofencing", tenant, GeofenceChanged)
    assert [each["version"] for each in told] == [1, 2, 3, 4]
    assert [each["active"] for each in told] == [True, True, True, False]
    assert (await read(tenant, made.json["id"])).json["active"] is False


async def test_a_retired_geofence_stays_retired(tenant: str) -> None:
    made = await create(tenant)
    await retire(tenant, made.json["id"], made.etag)
    etag = (await read(tenant, made.json["id"])).etag

    again = await retire(tenant, made.json["id"], etag)
    changed = await change(tenant, made.json["id"], {"name": "Yard"}, etag)

    assert again.status == 204
    assert (changed.status, changed.code) == (409, "geofence-retired")
    assert len(await told_by("geofencing", tenant, GeofenceChanged)) == 2


async def test_changes_need_the_version_they_were_made_from(tenant: str) -> None:
    made = await create(tenant)
    await change(tenant, made.json["id"], {"name": "Yard"}, made.etag)

    stale = await change(tenant, made.json["id"], {"name": "Barn"}, made.etag)
    without = await change(tenant, made.json["id"], {"name": "Barn"}, None)
    nothing = await change(tenant, made.json["id"], {}, "*")

    assert (stale.status, stale.code) == (412, "stale")
    assert (without.status, without.code) == (428, "if-match-required")
    assert nothing.status == 422


async def test_a_bad_shape_is_refused_in_words(tenant: str) -> None:
    bow_tie: dict[str, object] = {
        "type": "polygon",
        "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1]]],
    }
    outside: dict[str, object] = {"type": "circle", "center": [13.4, 95], "radius_m": 5}
    refused = await create(tenant, bow_tie)
    invalid = await create(tenant, outside)

    assert (refused.status, refused.code) == (422, "self-intersecting-polygon")
    assert refused.json["at"] == [0.5, 0.5]
    assert (invalid.status, invalid.code) == (422, "invalid")
    assert {each["at"] for each in invalid.json["fields"]} == {
        "shape.circle.center.1",
        "shape.circle.radius_m",
    }
    assert await told_by("geofencing", tenant) == []


async def test_a_bad_shape_changes_nothing(tenant: str) -> None:
    made = await create(tenant)
    bow_tie: dict[str, object] = {
        "type": "polygon",
        "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1]]],
    }
    refused = await change(tenant, made.json["id"], {"shape": bow_tie}, made.etag)

    assert refused.status == 422
    assert (await read(tenant, made.json["id"])).etag == made.etag


async def test_lists_come_in_pages_and_by_whether_they_are_active(tenant: str) -> None:
    made = [await create(tenant, circle(), f"Place {number}") for number in range(5)]
    await retire(tenant, made[0].json["id"], made[0].etag)

    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        page = await call(api.list_geofences, method="GET", caller=driver(tenant), query=query)
        seen += [item["name"] for item in page.json["items"]]
        if page.json["next_cursor"] is None:
            break
        query = {"limit": "2", "cursor": page.json["next_cursor"]}
    active = await call(
        api.list_geofences, method="GET", caller=driver(tenant), query={"active": "false"}
    )

    assert seen == [f"Place {number}" for number in (4, 3, 2, 1, 0)]
    assert [item["name"] for item in active.json["items"]] == ["Place 0"]


async def test_another_company_sees_none_of_it(tenant: str) -> None:
    made = await create(tenant)
    elsewhere = await read(f"{tenant}-other", made.json["id"])

    assert (elsewhere.status, elsewhere.code) == (404, "not-found")


async def test_a_driver_makes_no_geofences(tenant: str) -> None:
    body = {"name": "Mine", "shape": circle().model_dump(mode="json")}
    refused = await call(api.create_geofence, body, caller=driver(tenant))

    assert (refused.status, refused.code) == (403, "forbidden")


async def test_every_change_is_in_the_audit_trail(tenant: str) -> None:
    made = await create(tenant)
    await change(tenant, made.json["id"], {"name": "Yard"}, made.etag)
    trail = await call(
        api.read_geofence_audit,
        method="GET",
        caller=dispatcher(tenant),
        geofence_id=made.json["id"],
    )

    assert trail.json["intact"]
    assert [entry["action"] for entry in trail.json["entries"]] == [
        "create geofence",
        "change geofence",
    ]
    assert trail.json["entries"][1]["changes"]["name"] == ["Depot", "Yard"]


async def made_valid_from(tenant: str, since: datetime) -> Answer:
    body = {
        "name": "Depot",
        "shape": circle().model_dump(mode="json"),
        "valid_from": since.isoformat(),
    }
    return await call(api.create_geofence, body, caller=dispatcher(tenant))


async def test_positions_from_before_it_was_made_count_where_it_says_so(tenant: str) -> None:
    an_hour_ago = clock.now() - timedelta(hours=1)
    await create(tenant)
    backdated = await made_valid_from(tenant, an_hour_ago)
    await report(driver(tenant), through(an_hour_ago + timedelta(seconds=1)))

    told = await told_by("geofencing", tenant, GeofenceEntered)
    assert [each["geofence_id"] for each in told] == [backdated.json["id"]]


@pytest.mark.parametrize("hours", [-25, 1])
async def test_it_counts_from_a_day_back_at_most_and_not_from_the_future(
    tenant: str, hours: int
) -> None:
    refused = await made_valid_from(tenant, clock.now() + timedelta(hours=hours))

    assert (refused.status, refused.code) == (422, ValidFromOutOfRange.code)
