"""Check-ins: believed, refused, told, listed."""

from datetime import timedelta

import pytest

from functions.geofencing import api
from shared.contracts.geofencing import CheckedIn
from shared.platform import clock
from tests.geofencing.asking import create, dispatcher, driver, position
from tests.geofencing.test_geofences import retire
from tests.support.http import Answer, call
from tests.support.messages import told_by

pytestmark = pytest.mark.usefixtures("records")


async def check_in(
    tenant: str,
    geofence_id: str,
    east_m: float = 0,
    *,
    who: str = "d-1",
    accuracy_m: float = 10,
    age: timedelta = timedelta(),
) -> Answer:
    there = position(clock.now() - age, east_m, accuracy_m=accuracy_m)
    return await call(
        api.check_in, {"geofence_id": geofence_id, **there}, caller=driver(tenant, who)
    )


async def listed(tenant: str, **query: str) -> list[dict[str, object]]:
    answer = await call(api.list_check_ins, method="GET", caller=dispatcher(tenant), query=query)
    return list(answer.json["items"])


async def test_a_check_in_at_the_place_is_accepted_and_told(tenant: str) -> None:
    made = await create(tenant)
    answer = await check_in(tenant, made.json["id"], 30)

    assert (answer.status, answer.json["verdict"], answer.json["distance_m"]) == (
        201,
        "accepted",
        0,
    )
    (told,) = await told_by("geofencing", tenant, CheckedIn)
    assert told["check_in_id"] == answer.json["id"]
    assert (told["driver_id"], told["geofence_id"]) == ("d-1", made.json["id"])


async def test_the_accuracy_of_the_position_is_granted(tenant: str) -> None:
    made = await create(tenant)
    near = await check_in(tenant, made.json["id"], 95, accuracy_m=50)

    assert (near.status, near.json["distance_m"]) == (201, pytest.approx(45, abs=0.2))


async def test_a_check_in_from_elsewhere_is_refused_and_kept(tenant: str) -> None:
    made = await create(tenant)
    away = await check_in(tenant, made.json["id"], 250)

    assert (away.status, away.code) == (409, "not-at-the-geofence")
    assert away.json["distance_m"] == pytest.approx(200, abs=1)
    (kept,) = await listed(tenant)
    assert (kept["id"], kept["verdict"]) == (away.json["check_in_id"], "refused")
    assert await told_by("geofencing", tenant, CheckedIn) == []


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"accuracy_m": 101}, "position-too-inaccurate"),
        ({"age": timedelta(minutes=11)}, "check-in-too-old"),
        ({"age": timedelta(minutes=-3)}, "from-the-future"),
    ],
)
async def test_a_position_that_proves_nothing_is_refused(
    tenant: str, wish: dict[str, float | timedelta], code: str
) -> None:
    made = await create(tenant)
    refused = await check_in(tenant, made.json["id"], **wish)  # type: ignore[arg-type]  # a table

    assert (refused.status, refused.code) == (422, code)
    assert await listed(tenant) == []


async def test_there_is_no_checking_in_where_no_place_is(tenant: str) -> None:
    made = await create(tenant)
    await retire(tenant, made.json["id"], made.etag)
    retired = await check_in(tenant, made.json["id"])
    unknown = await check_in(tenant, "nowhere")

    assert (retired.status, retired.code) == (409, "geofence-retired")
    assert (unknown.status, unknown.code) == (404, "not-found")


async def test_lists_are_filtered_and_drivers_see_their_own(tenant: str) -> None:
    first, second = await create(tenant), await create(tenant)
    await check_in(tenant, first.json["id"])
    await check_in(tenant, second.json["id"], who="d-2")
    await check_in(tenant, second.json["id"], 900, who="d-2")

    assert len(await listed(tenant)) == 3
    assert len(await listed(tenant, driver_id="d-2")) == 2
    assert len(await listed(tenant, geofence_id=first.json["id"])) == 1
    assert len(await listed(tenant, driver_id="d-2", verdict="accepted")) == 1
    own = await call(api.list_check_ins, method="GET", caller=driver(tenant))
    assert [item["driver_id"] for item in own.json["items"]] == ["d-1"]
    refused = await call(
        api.list_check_ins, method="GET", caller=driver(tenant), query={"driver_id": "d-2"}
    )
    assert (refused.status, refused.code) == (403, "not-your-positions")


async def test_the_same_check_in_sent_again_is_the_same(tenant: str) -> None:
    made = await create(tenant)
    body = {"geofence_id": made.json["id"], **position(clock.now(), 0)}
    headers = {"idempotency-key": "tap"}
    first = await call(api.check_in, body, caller=driver(tenant), headers=headers)
    again = await call(api.check_in, body, caller=driver(tenant), headers=headers)

    assert again.json == first.json
    assert len(await told_by("geofencing", tenant, CheckedIn)) == 1
