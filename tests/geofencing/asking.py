"""Geofencing's functions, called as people and devices do."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from functions.geofencing import api
from functions.geofencing.domain.shapes import Circle, Polygon
from shared.identity.caller import Caller
from shared.identity.permissions import Role
from shared.platform import clock
from tests.geofencing.ways import circle, point
from tests.support.http import Answer, call, somebody

ON_THE_WAY = (-300.0, -200.0, -100.0, 0.0, 5.0, 100.0, 200.0, 300.0)


def driver(tenant: str, user_id: str = "d-1") -> Caller:
    return somebody(tenant, Role.DRIVER, user_id=user_id, name="Dora Driver")


def dispatcher(tenant: str) -> Caller:
    return somebody(tenant, Role.DISPATCHER, user_id="boss")


async def create(
    tenant: str, shape: Circle | Polygon | dict[str, object] | None = None, name: str = "Depot"
) -> Answer:
    shape = shape or circle()
    sent = shape if isinstance(shape, dict) else shape.model_dump(mode="json")
    return await call(api.create_geofence, {"name": name, "shape": sent}, caller=dispatcher(tenant))


def position(
    at: datetime, east_m: float, north_m: float = 0, accuracy_m: float | None = 8
) -> dict[str, object]:
    lon, lat = point(east_m, north_m)
    return {
        "at": at.isoformat(),
        "longitude": lon,
        "latitude": lat,
        "accuracy_m": accuracy_m,
    }


def through(start: datetime | None = None) -> list[dict[str, object]]:
    """Through the circle around the centre; a fix each 10 seconds, the last one now."""
    start = start or clock.now() + timedelta(seconds=1)
    return [
        position(start + timedelta(seconds=10 * number), east_m)
        for number, east_m in enumerate(ON_THE_WAY)
    ]


async def report(
    caller: Caller, positions: Sequence[dict[str, object]] | Iterable[dict[str, object]]
) -> Answer:
    return await call(api.report_positions, {"positions": list(positions)}, caller=caller)


async def listed(caller: Caller, **query: str) -> Answer:
    return await call(api.list_positions, method="GET", caller=caller, query=query)
