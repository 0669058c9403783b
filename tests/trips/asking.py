"""Trips' functions, called as people and the broker do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from functions.trips import api, events
from shared.contracts.auth import UserChanged
from shared.contracts.geofencing import CheckedIn, GeofenceChanged, GeofenceEntered
from shared.identity.caller import Caller
from shared.identity.permissions import Role
from shared.platform import clock
from tests.support.http import Answer, call, somebody
from tests.support.messages import message


def dispatcher(tenant: str) -> Caller:
    return somebody(tenant, Role.DISPATCHER, user_id="boss", name="Bea Boss")


def driver(tenant: str, user_id: str = "d-1") -> Caller:
    return somebody(tenant, Role.DRIVER, user_id=user_id)


async def hear_user(tenant: str, user_id: str = "d-1", version: int = 1, **more: object) -> None:
    told = {
        "tenant_id": tenant,
        "at": clock.now(),
        "user_id": user_id,
        "version": version,
        "name": f"Driver {user_id}",
        "email": f"{user_id}@example.com",
        "phone": None,
        "roles": ["driver"],
        "active": True,
        **more,
    }
    await events.on_user_changed(message(UserChanged.model_validate(told)))


async def hear_geofence(
    tenant: str, geofence_id: str, version: int = 1, *, active: bool = True, name: str = "Place"
) -> None:
    event = GeofenceChanged(
        tenant_id=tenant,
        at=clock.now(),
        geofence_id=geofence_id,
        version=version,
        name=name,
        active=active,
        longitude=13.4,
        latitude=52.5,
    )
    await events.on_geofence_changed(message(event))


@dataclass(frozen=True)
class Known:
    """A company with two drivers and three places."""

    tenant: str
    places: tuple[str, ...] = ("depot", "north", "south")


async def company(tenant: str) -> Known:
    known = Known(tenant)
    for user_id in ("d-1", "d-2"):
        await hear_user(tenant, user_id)
    for place in known.places:
        await hear_geofence(tenant, place, name=place.title())
    return known


async def plan(
    tenant: str,
    places: Sequence[str] = ("north", "south"),
    driver_id: str | None = "d-1",
    **more: object,
) -> Answer:
    stops = [{"name": f"Stop at {place}", "geofence_id": place} for place in places]
    body = {"title": "Morning round", "driver_id": driver_id, "stops": stops, **more}
    return await call(api.plan, body, caller=dispatcher(tenant))


async def start(tenant: str, trip_id: str, who: str = "d-1", etag: str | None = None) -> Answer:
    headers = {"if-match": etag} if etag else {}
    return await call(api.start, caller=driver(tenant, who), headers=headers, trip_id=trip_id)


async def underway(tenant: str, places: Sequence[str] = ("north", "south")) -> str:
    planned = await plan(tenant, places)
    started = await start(tenant, planned.json["id"])
    assert started.status == 200, started.body
    return str(started.json["id"])


async def cancel(tenant: str, trip_id: str, reason: str = "No goods") -> Answer:
    return await call(api.cancel, {"reason": reason}, caller=dispatcher(tenant), trip_id=trip_id)


async def change(
    tenant: str, trip_id: str, body: Mapping[str, object], etag: str | None = "*"
) -> Answer:
    return await call(
        api.change,
        body,
        method="PATCH",
        caller=dispatcher(tenant),
        headers={"if-match": etag} if etag else {},
        trip_id=trip_id,
    )


async def read(tenant: str, trip_id: str, caller: Caller | None = None) -> Answer:
    return await call(api.read, method="GET", caller=caller or dispatcher(tenant), trip_id=trip_id)


def entered(tenant: str, place: str, who: str = "d-1", after_s: float = 1) -> GeofenceEntered:
    """`after_s` counts from now."""
    return GeofenceEntered(
        tenant_id=tenant,
        at=clock.now() + timedelta(seconds=after_s),
        driver_id=who,
        geofence_id=place,
        longitude=13.4,
        latitude=52.5,
    )


async def arrive(event: GeofenceEntered) -> GeofenceEntered:
    await events.on_geofence_entered(message(event))
    return event


async def check_in(tenant: str, place: str, who: str = "d-1", after_s: float = 1) -> None:
    event = CheckedIn(
        tenant_id=tenant,
        at=clock.now() + timedelta(seconds=after_s),
        check_in_id=str(uuid4()),
        driver_id=who,
        geofence_id=place,
        longitude=13.4,
        latitude=52.5,
    )
    await events.on_checked_in(message(event))
