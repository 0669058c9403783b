"""Trips as they are planned, changed, assigned, listed; and every refusal of it."""

from dataclasses import replace

import pytest

from functions.trips import api
from shared.contracts.trips import TripAssigned, TripCancelled
from shared.identity.scopes import Grant, Scope
from tests.support.http import Answer, call
from tests.support.messages import told_by
from tests.trips.asking import (
    cancel,
    change,
    company,
    dispatcher,
    driver,
    hear_geofence,
    hear_user,
    plan,
    read,
    underway,
)

pytestmark = pytest.mark.usefixtures("records")


async def assign(tenant: str, trip_id: str, who: str, etag: str | None = None) -> Answer:
    return await call(
        api.assign,
        {"driver_id": who},
        caller=dispatcher(tenant),
        headers={"if-match": etag} if etag else {},
        trip_id=trip_id,
    )


async def test_a_planned_trip_tells_its_driver(tenant: str) -> None:
    await company(tenant)
    planned = await plan(tenant, planned_start="2026-11-21T07:00:00+01:00")

    assert (planned.status, planned.json["status"]) == (201, "planned")
    assert planned.json["planned_by"] == "boss"
    assert [stop["status"] for stop in planned.json["stops"]] == ["pending", "pending"]
    (told,) = await told_by("trips", tenant)
    assert told["driver_id"] == "d-1"
    assert told["stops"] == ["Stop at north", "Stop at south"]
    assert (await read(tenant, planned.json["id"])).json == planned.json


async def test_a_trip_without_a_driver_is_assigned_later_and_again(tenant: str) -> None:
    await company(tenant)
    planned = await plan(tenant, driver_id=None)
    assert await told_by("trips", tenant) == []

    first = await assign(tenant, planned.json["id"], "d-1", planned.etag)
    same = await assign(tenant, planned.json["id"], "d-1")
    other = await assign(tenant, planned.json["id"], "d-2")

    assert (first.status, first.json["driver_id"]) == (200, "d-1")
    assert same.etag == first.etag
    assert other.json["driver_id"] == "d-2"
    told = await told_by("trips", tenant, TripAssigned)
    assert [each["driver_id"] for each in told] == ["d-1", "d-2"]


async def test_an_assignment_made_from_an_old_version_is_refused(tenant: str) -> None:
    await company(tenant)
    planned = await plan(tenant)
    await change(tenant, planned.json["id"], {"title": "Evening round"})

    assert (await assign(tenant, planned.json["id"], "d-2", planned.etag)).code == "stale"


@pytest.mark.parametrize("unknown", ["nobody", "member", "gone", "was-driver"])
async def test_a_driver_who_is_none_is_unknown(tenant: str, unknown: str) -> None:
    await company(tenant)
    await hear_user(tenant, "member", roles=["member"])
    await hear_user(tenant, "gone", active=True)
    await hear_user(tenant, "gone", version=2, active=False)
    await hear_user(tenant, "was-driver")
    await hear_user(tenant, "was-driver", version=2, roles=["member"])
    planned = await plan(tenant, driver_id=unknown)
    assigned = await assign(tenant, (await plan(tenant)).json["id"], unknown)

    assert (planned.status, planned.code) == (422, "unknown-driver")
    assert (assigned.status, assigned.code) == (422, "unknown-driver")
    assert planned.json["driver_id"] == unknown


async def test_older_snapshots_of_people_and_places_are_ignored(tenant: str) -> None:
    await company(tenant)
    await hear_user(tenant, "d-1", version=3)
    await hear_user(tenant, "d-1", version=2, active=False)
    await hear_geofence(tenant, "north", version=3)
    await hear_geofence(tenant, "north", version=2, active=False)

    assert (await plan(tenant)).status == 201


async def test_places_that_are_none_are_all_named(tenant: str) -> None:
    await company(tenant)
    await hear_geofence(tenant, "south", version=2, active=False)
    refused = await plan(tenant, ["north", "south", "atlantis"])

    assert (refused.status, refused.code) == (422, "unknown-geofence")
    assert refused.json["geofence_ids"] == ["atlantis", "south"]


async def test_a_trip_has_1_to_100_stops_and_at_most_50_at_a_place(tenant: str) -> None:
    await company(tenant)

    assert (await plan(tenant, [])).status == 422
    assert (await plan(tenant, ["north", "south"] * 50)).status == 201
    assert (await plan(tenant, ["north"] * 101)).status == 422
    crowded = await plan(tenant, ["north"] * 51)
    assert (crowded.status, crowded.code) == (422, "too-many-stops-there")


async def test_a_planned_trip_is_changed(tenant: str) -> None:
    await company(tenant)
    planned = await plan(tenant, planned_start="2026-11-21T07:00:00Z")
    stops = [{"name": "Only", "geofence_id": "depot", "note": "Ring twice"}]
    body = {"title": "Short round", "stops": stops, "planned_start": None}
    changed = await change(tenant, planned.json["id"], body, planned.etag)

    assert (changed.status, changed.json["title"]) == (200, "Short round")
    assert [stop["note"] for stop in changed.json["stops"]] == ["Ring twice"]
    assert changed.json["planned_start"] is None
    assert changed.json["stops"][0]["id"] not in {stop["id"] for stop in planned.json["stops"]}
    kept = await change(tenant, planned.json["id"], {"title": "Round"}, changed.etag)
    assert kept.json["stops"] == changed.json["stops"]


async def test_changes_that_are_refused(tenant: str) -> None:
    await company(tenant)
    planned = await plan(tenant)
    trip_id = planned.json["id"]
    nowhere = [{"name": "Nowhere", "geofence_id": "atlantis"}]

    assert (await change(tenant, trip_id, {"title": "X"}, None)).code == "if-match-required"
    assert (await change(tenant, trip_id, {})).code == "invalid"
    assert (await change(tenant, trip_id, {"stops": nowhere})).code == "unknown-geofence"
    assert (await change(tenant, "no-such", {"title": "X"})).code == "not-found"
    await change(tenant, trip_id, {"title": "Y"})
    assert (await change(tenant, trip_id, {"title": "X"}, planned.etag)).code == "stale"


async def test_a_trip_underway_is_neither_changed_nor_assigned(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant)
    changed = await change(tenant, trip_id, {"title": "X"})
    assigned = await assign(tenant, trip_id, "d-2")

    assert (changed.status, changed.code) == (409, "trip-not-planned")
    assert (assigned.status, assigned.code) == (409, "trip-not-planned")


@pytest.mark.parametrize("begun", [False, True])
async def test_a_trip_is_cancelled_once(tenant: str, begun: bool) -> None:
    await company(tenant)
    trip_id = await underway(tenant) if begun else (await plan(tenant)).json["id"]
    cancelled = await cancel(tenant, trip_id)
    again = await cancel(tenant, trip_id)

    assert (cancelled.status, cancelled.json["status"]) == (200, "cancelled")
    assert cancelled.json["cancel_reason"] == "No goods"
    assert (again.status, again.code) == (409, "trip-over")
    (told,) = await told_by("trips", tenant, TripCancelled)
    assert (told["reason"], told["driver_id"]) == ("No goods", "d-1")


async def test_a_cancellation_needs_a_reason(tenant: str) -> None:
    await company(tenant)

    assert (await cancel(tenant, (await plan(tenant)).json["id"], "  ")).status == 422


async def test_a_driver_sees_the_own_trips_only(tenant: str) -> None:
    await company(tenant)
    mine, theirs = await plan(tenant), await plan(tenant, driver_id="d-2")
    nobodys = await plan(tenant, driver_id=None)

    listed = await call(api.list_trips, method="GET", caller=driver(tenant))
    assert [item["id"] for item in listed.json["items"]] == [mine.json["id"]]
    assert (await read(tenant, mine.json["id"], driver(tenant))).status == 200
    for other in (theirs, nobodys):
        refused = await read(tenant, other.json["id"], driver(tenant))
        assert (refused.status, refused.code) == (403, "not-your-trip")
    asked = await call(
        api.list_trips, method="GET", caller=driver(tenant), query={"driver_id": "d-2"}
    )
    assert (asked.status, asked.code) == (403, "not-your-trip")


async def test_who_dispatches_one_trip_sees_that_one(tenant: str) -> None:
    await company(tenant)
    theirs, other = await plan(tenant, driver_id="d-2"), await plan(tenant, driver_id="d-2")
    here = Grant(frozenset({"trips:write"}), Scope(resource=f"trips/{theirs.json['id']}"))
    caller = replace(driver(tenant), scoped=(here,))

    assert (await read(tenant, theirs.json["id"], caller)).status == 200
    assert (await read(tenant, other.json["id"], caller)).code == "not-your-trip"


async def test_lists_are_filtered_and_paged(tenant: str) -> None:
    await company(tenant)
    made = [await plan(tenant) for _ in range(3)] + [await plan(tenant, driver_id="d-2")]
    await cancel(tenant, made[0].json["id"])

    async def ids(**query: str) -> list[str]:
        found = await call(api.list_trips, method="GET", caller=dispatcher(tenant), query=query)
        return [item["id"] for item in found.json["items"]]

    newest_first = [each.json["id"] for each in reversed(made)]
    assert await ids() == newest_first
    assert await ids(driver_id="d-2") == newest_first[:1]
    assert await ids(driver_id="d-1", status="planned") == newest_first[1:3]
    first = await call(
        api.list_trips, method="GET", caller=dispatcher(tenant), query={"limit": "3"}
    )
    assert await ids(limit="3", cursor=first.json["next_cursor"]) == newest_first[3:]


@pytest.mark.parametrize("function", [api.plan, api.assign, api.cancel, api.change])
async def test_a_driver_plans_nothing(tenant: str, function: object) -> None:
    refused = await call(
        function,  # type: ignore[arg-type]  # of a table
        {},
        caller=driver(tenant),
        headers={"if-match": "*"},
        trip_id="t",
    )

    assert (refused.status, refused.code) == (403, "forbidden")


async def test_a_dispatcher_drives_nothing(tenant: str) -> None:
    refused = await call(api.start, caller=dispatcher(tenant), trip_id="t")

    assert (refused.status, refused.code) == (403, "forbidden")


async def test_another_company_sees_none_of_it(tenant: str) -> None:
    await company(tenant)
    planned = await plan(tenant)

    assert (await read(f"{tenant}-other", planned.json["id"])).code == "not-found"


async def test_every_change_is_in_the_audit_trail(tenant: str) -> None:
    await company(tenant)
    trip_id = await underway(tenant)
    await cancel(tenant, trip_id)
    trail = await call(api.read_audit, method="GET", caller=dispatcher(tenant), trip_id=trip_id)

    assert trail.json["intact"]
    assert [(each["action"], each["actor"]["id"]) for each in trail.json["entries"]] == [
        ("plan trip", "boss"),
        ("start trip", "d-1"),
        ("cancel trip", "boss"),
    ]
