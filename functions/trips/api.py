"""Trips over HTTP."""

import asyncio
from http import HTTPStatus

import azure.functions as func

from functions.trips.domain.refusals import (
    DriverUnderway,
    NotYourTrip,
    StartOutOfRange,
    TooManyStopsThere,
    TripNotPlanned,
    TripOver,
    UnknownDriver,
    UnknownGeofence,
)
from functions.trips.models.requests import (
    AssignTrip,
    CancelTrip,
    ChangeTrip,
    PlanTrip,
    StartTrip,
    TripFilter,
)
from functions.trips.models.sheet import sheet
from functions.trips.models.views import TripView
from functions.trips.service.trips import sees_all
from functions.trips.wiring import all_trips, trips
from shared.errors import Missing, Stale
from shared.http.call import Call, Reply, shown
from shared.http.declaration import Content
from shared.http.endpoint import endpoint
from shared.http.paging import Page, page
from shared.platform import clock
from shared.records.audit import AuditTrail

bp = func.Blueprint()


@bp.function_name("trips_plan")
@bp.route("v1/trips", methods=["POST"])
@endpoint(
    needs="trips:write",
    takes=PlanTrip,
    gives=TripView,
    status=HTTPStatus.CREATED,
    refuses=[UnknownDriver, UnknownGeofence, TooManyStopsThere],
)
async def plan(call: Call[PlanTrip]) -> Reply:
    """Plan a trip.

    A driver or geofence made moments ago may not be known yet; repeat a second later."""
    return shown(await trips().plan(call.caller, call.body), TripView)


@bp.function_name("trips_list")
@bp.route("v1/trips", methods=["GET"])
@endpoint(needs="trips:read", asks=TripFilter, gives=Page[TripView], refuses=[NotYourTrip])
async def list_trips(call: Call[None, TripFilter]) -> Page[TripView]:
    """List trips, newest first. A driver sees the own ones."""
    asks = call.asks
    if not sees_all(call.caller):
        if asks.driver_id not in (None, call.caller.id):
            raise NotYourTrip("You may list your own trips only.")
        asks = asks.model_copy(update={"driver_id": call.caller.id})
    return await page(
        asks,
        TripView,
        lambda after, limit: all_trips().listed(call.tenant_id, asks, after, limit),
    )


@bp.function_name("trips_read")
@bp.route("v1/trips/{trip_id}", methods=["GET"])
@endpoint(needs="trips:read", gives=TripView, refuses=[Missing, NotYourTrip])
async def read(call: Call) -> Reply:
    """Read one trip."""
    return shown(await trips().read(call.caller, call.route["trip_id"]), TripView)


@bp.function_name("trips_change")
@bp.route("v1/trips/{trip_id}", methods=["PATCH"])
@endpoint(
    needs="trips:write",
    takes=ChangeTrip,
    gives=TripView,
    changes=True,
    refuses=[Missing, Stale, TripNotPlanned, UnknownGeofence, TooManyStopsThere],
)
async def change(call: Call[ChangeTrip]) -> Reply:
    """Change a planned trip's title, planned start or stops.

    Stops are replaced all together."""
    trip_id = call.route["trip_id"]
    return shown(await trips().change(call.caller, trip_id, call.body, call.if_match), TripView)


@bp.function_name("trips_assign")
@bp.route("v1/trips/{trip_id}/assign", methods=["POST"])
@endpoint(
    needs="trips:write",
    takes=AssignTrip,
    gives=TripView,
    refuses=[Missing, Stale, TripNotPlanned, UnknownDriver],
)
async def assign(call: Call[AssignTrip]) -> Reply:
    """Give a planned trip to a driver, who is told."""
    trip_id = call.route["trip_id"]
    return shown(await trips().assign(call.caller, trip_id, call.body, call.if_match), TripView)


@bp.function_name("trips_start")
@bp.route("v1/trips/{trip_id}/start", methods=["POST"])
@endpoint(
    needs="trips:drive",
    takes=StartTrip,
    gives=TripView,
    refuses=[Missing, Stale, NotYourTrip, TripNotPlanned, DriverUnderway, StartOutOfRange],
)
async def start(call: Call[StartTrip]) -> Reply:
    """Set off. Only the assigned driver can, on one trip at a time.

    From then on the stops are reached by being there, or by checking in. A phone that was out of
    reach says `at` when it was."""
    trip_id = call.route["trip_id"]
    return shown(await trips().start(call.caller, trip_id, call.body, call.if_match), TripView)


@bp.function_name("trips_cancel")
@bp.route("v1/trips/{trip_id}/cancel", methods=["POST"])
@endpoint(needs="trips:write", takes=CancelTrip, gives=TripView, refuses=[Missing, Stale, TripOver])
async def cancel(call: Call[CancelTrip]) -> Reply:
    """Cancel a trip that is planned or underway."""
    trip_id = call.route["trip_id"]
    return shown(await trips().cancel(call.caller, trip_id, call.body, call.if_match), TripView)


@bp.function_name("trips_print_sheet")
@bp.route("v1/trips/{trip_id}/sheet.pdf", methods=["GET"])
@endpoint(
    needs="trips:read",
    gives=Content("application/pdf", "The trip sheet."),
    refuses=[Missing, NotYourTrip],
)
async def print_sheet(call: Call) -> Reply:
    """Read a trip's sheet, to print: what was planned and what was, stop by stop."""
    trip, driver_name = await trips().read_for_sheet(call.caller, call.route["trip_id"])
    pdf = await asyncio.to_thread(sheet, trip, driver_name, clock.now())
    disposition = f'inline; filename="trip-{trip.id}.pdf"'
    return Reply(
        content=pdf, media_type="application/pdf", headers={"Content-Disposition": disposition}
    )


@bp.function_name("trips_read_audit")
@bp.route("v1/trips/{trip_id}/audit", methods=["GET"])
@endpoint(needs="audit:read", gives=AuditTrail, refuses=[Missing])
async def read_audit(call: Call) -> AuditTrail:
    """Read who changed a trip, and whether the trail is unbroken."""
    return await all_trips().trail(call.tenant_id, call.route["trip_id"])
