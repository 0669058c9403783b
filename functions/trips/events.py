"""What trips do when something was told."""

import azure.functions as func

from functions.trips.wiring import arrivals
from shared.contracts.auth import UserChanged, UserDeleted
from shared.contracts.geofencing import CheckedIn, GeofenceChanged, GeofenceEntered
from shared.messaging.handling import handles

bp = func.Blueprint()


@bp.function_name("trips_on_geofence_entered")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="geofencing",
    subscription_name="trips-on-geofence-entered",
    is_sessions_enabled=True,
)
@handles(GeofenceEntered)
async def on_geofence_entered(event: GeofenceEntered) -> None:
    """Mark the stop that the driver has reached."""
    await arrivals().reach(event)


@bp.function_name("trips_on_checked_in")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="geofencing",
    subscription_name="trips-on-checked-in",
    is_sessions_enabled=True,
)
@handles(CheckedIn)
async def on_checked_in(event: CheckedIn) -> None:
    """Mark the stop that the driver has checked in at."""
    await arrivals().reach(event)


@bp.function_name("trips_on_geofence_changed")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="geofencing",
    subscription_name="trips-on-geofence-changed",
    is_sessions_enabled=True,
)
@handles(GeofenceChanged)
async def on_geofence_changed(event: GeofenceChanged) -> None:
    """Keep which geofences there are to go to."""
    await arrivals().keep_place(event)


@bp.function_name("trips_on_user_changed")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="auth",
    subscription_name="trips-on-user-changed",
    is_sessions_enabled=True,
)
@handles(UserChanged)
async def on_user_changed(event: UserChanged) -> None:
    """Keep who drives."""
    await arrivals().keep_driver(event)


@bp.function_name("trips_on_user_deleted")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="auth",
    subscription_name="trips-on-user-deleted",
    is_sessions_enabled=True,
)
@handles(UserDeleted)
async def on_user_deleted(event: UserDeleted) -> None:
    """Forget a driver who was deleted."""
    await arrivals().forget_driver(event)
