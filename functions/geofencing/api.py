"""Geofencing over HTTP."""

from http import HTTPStatus

import azure.functions as func

from functions.geofencing.domain.geofence import GEOFENCES
from functions.geofencing.domain.refusals import (
    CheckInTooOld,
    ContainsPole,
    CrossesAntimeridian,
    DriverNotActive,
    FromTheFuture,
    GeofenceRetired,
    InvalidPolygon,
    NotAtTheGeofence,
    NotYourPositions,
    SelfIntersectingPolygon,
    TooInaccurate,
    TooManyPoints,
    ValidFromOutOfRange,
)
from functions.geofencing.models import (
    ChangeGeofence,
    CheckInFilter,
    CheckInView,
    CreateGeofence,
    GeofenceFilter,
    GeofenceView,
    LatestPositionView,
    MakeCheckIn,
    PositionFilter,
    PositionView,
    ReportPositions,
    ReportView,
)
from functions.geofencing.wiring import (
    all_check_ins,
    all_geofences,
    all_positions,
    check_ins,
    geofences,
    positions,
)
from shared.errors import Missing, Stale, Unavailable
from shared.http.call import Call, Reply, shown
from shared.http.endpoint import endpoint
from shared.http.paging import Page, cursor_behind, page
from shared.identity.caller import Caller
from shared.records.audit import AuditTrail

bp = func.Blueprint()
BAD_SHAPES = (
    CrossesAntimeridian,
    ContainsPole,
    InvalidPolygon,
    SelfIntersectingPolygon,
    TooManyPoints,
)


@bp.function_name("geofencing_create_geofence")
@bp.route("v1/geofences", methods=["POST"])
@endpoint(
    needs="geofencing:write",
    takes=CreateGeofence,
    gives=GeofenceView,
    status=HTTPStatus.CREATED,
    refuses=[*BAD_SHAPES, ValidFromOutOfRange],
)
async def create_geofence(call: Call[CreateGeofence]) -> Reply:
    """Create a geofence: a circle or a polygon.

    A ring that is not closed is closed. Positions from before it was created do not count, unless
    `valid_from` says so: phones that were out of reach report late."""
    return shown(await geofences().create(call.caller, call.body), GeofenceView)


@bp.function_name("geofencing_list_geofences")
@bp.route("v1/geofences", methods=["GET"])
@endpoint(needs="geofencing:read", asks=GeofenceFilter, gives=Page[GeofenceView])
async def list_geofences(call: Call[None, GeofenceFilter]) -> Page[GeofenceView]:
    """List geofences, newest first."""
    return await page(
        call.asks,
        GeofenceView,
        lambda after, limit: all_geofences().listed(call.tenant_id, call.asks.active, after, limit),
    )


@bp.function_name("geofencing_read_geofence")
@bp.route("v1/geofences/{geofence_id}", methods=["GET"])
@endpoint(needs="geofencing:read", gives=GeofenceView, refuses=[Missing])
async def read_geofence(call: Call) -> Reply:
    """Read one geofence."""
    stored = await all_geofences().get(call.tenant_id, call.route["geofence_id"], GEOFENCES)
    return shown(stored, GeofenceView)


@bp.function_name("geofencing_change_geofence")
@bp.route("v1/geofences/{geofence_id}", methods=["PATCH"])
@endpoint(
    needs="geofencing:write",
    takes=ChangeGeofence,
    gives=GeofenceView,
    changes=True,
    refuses=[Missing, Stale, GeofenceRetired, *BAD_SHAPES],
)
async def change_geofence(call: Call[ChangeGeofence]) -> Reply:
    """Change a geofence's name or shape.

    Who was in the old shape counts as being in the new one until their positions say otherwise."""
    geofence_id = call.route["geofence_id"]
    return shown(
        await geofences().change(call.caller, geofence_id, call.body, call.if_match), GeofenceView
    )


@bp.function_name("geofencing_retire_geofence")
@bp.route("v1/geofences/{geofence_id}", methods=["DELETE"])
@endpoint(needs="geofencing:write", changes=True, refuses=[Missing, Stale])
async def retire_geofence(call: Call) -> None:
    """Retire a geofence: it stays readable, and nothing happens there any more.

    No departures are told of those who are in it."""
    await geofences().retire(call.caller, call.route["geofence_id"], call.if_match)


@bp.function_name("geofencing_read_geofence_audit")
@bp.route("v1/geofences/{geofence_id}/audit", methods=["GET"])
@endpoint(needs="audit:read", gives=AuditTrail, refuses=[Missing])
async def read_geofence_audit(call: Call) -> AuditTrail:
    """Read who changed a geofence, and whether the trail is unbroken."""
    return await all_geofences().trail(call.tenant_id, call.route["geofence_id"], GEOFENCES)


@bp.function_name("geofencing_report_positions")
@bp.route("v1/positions", methods=["POST"])
@endpoint(
    needs="geofencing:report",
    takes=ReportPositions,
    gives=ReportView,
    refuses=[FromTheFuture, DriverNotActive, Unavailable],
)
async def report_positions(call: Call[ReportPositions]) -> ReportView:
    """Report where you were: up to 500 positions, in any order, also from hours ago.

    Sending the same again is harmless. Positions of the last two hours of your way are sorted in
    where they belong; older ones than that are kept, but tell no arrivals. More than 2 minutes
    ahead of our clock or older than 24 hours, they are rejected."""
    return await positions().report(call.caller, call.body)


@bp.function_name("geofencing_list_positions")
@bp.route("v1/positions", methods=["GET"])
@endpoint(
    needs="geofencing:read",
    asks=PositionFilter,
    gives=Page[PositionView],
    refuses=[NotYourPositions],
)
async def list_positions(call: Call[None, PositionFilter]) -> Page[PositionView]:
    """List a driver's positions, newest first, kept for 90 days."""
    asks = call.asks
    driver_id = asks.driver_id or call.caller.id
    _must_be_own(call.caller, driver_id)
    found = await all_positions().newest(
        (call.tenant_id, driver_id), (asks.since, asks.until), asks.after(), asks.limit + 1
    )
    items = [PositionView.model_validate(each) for each in found[: asks.limit]]
    more = len(found) > asks.limit
    return Page(items=items, next_cursor=cursor_behind(items[-1].place_in_time) if more else None)


@bp.function_name("geofencing_read_latest_position")
@bp.route("v1/drivers/{driver_id}/position", methods=["GET"])
@endpoint(needs="geofencing:read", gives=LatestPositionView, refuses=[Missing, NotYourPositions])
async def read_latest_position(call: Call) -> LatestPositionView:
    """Read where a driver was last."""
    driver_id = call.route["driver_id"]
    _must_be_own(call.caller, driver_id)
    driver, position = await positions().latest(call.caller, driver_id)
    return LatestPositionView(
        driver_id=driver.id,
        driver_name=driver.name,
        active=driver.active,
        position=PositionView.model_validate(position),
    )


@bp.function_name("geofencing_check_in")
@bp.route("v1/check-ins", methods=["POST"])
@endpoint(
    needs="geofencing:report",
    takes=MakeCheckIn,
    gives=CheckInView,
    status=HTTPStatus.CREATED,
    refuses=[
        Missing,
        NotAtTheGeofence,
        GeofenceRetired,
        TooInaccurate,
        CheckInTooOld,
        FromTheFuture,
        DriverNotActive,
    ],
)
async def check_in(call: Call[MakeCheckIn]) -> Reply:
    """Check in at a geofence.

    Accepted if the position is in it, give or take the position's own accuracy."""
    return shown(await check_ins().make(call.caller, call.body), CheckInView)


@bp.function_name("geofencing_list_check_ins")
@bp.route("v1/check-ins", methods=["GET"])
@endpoint(
    needs="geofencing:read",
    asks=CheckInFilter,
    gives=Page[CheckInView],
    refuses=[NotYourPositions],
)
async def list_check_ins(call: Call[None, CheckInFilter]) -> Page[CheckInView]:
    """List check-ins, newest first, refused ones too."""
    asks = call.asks
    if not _sees_all(call.caller):
        _must_be_own(call.caller, asks.driver_id or call.caller.id)
        asks = asks.model_copy(update={"driver_id": call.caller.id})
    return await page(
        asks,
        CheckInView,
        lambda after, limit: all_check_ins().listed(call.tenant_id, asks, after, limit),
    )


def _must_be_own(caller: Caller, driver_id: str) -> None:
    if driver_id != caller.id and not _sees_all(caller):
        raise NotYourPositions("You may read your own positions and check-ins only.")


def _sees_all(caller: Caller) -> bool:
    return caller.may("geofencing:write")
