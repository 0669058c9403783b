"""What geofencing does when something was told."""

import azure.functions as func

from functions.geofencing.wiring import positions
from shared.contracts.auth import UserChanged, UserDeleted
from shared.messaging.handling import handles

bp = func.Blueprint()


@bp.function_name("geofencing_on_user_changed")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="auth",
    subscription_name="geofencing-on-user-changed",
    is_sessions_enabled=True,
)
@handles(UserChanged)
async def on_user_changed(event: UserChanged) -> None:
    """Keep who the drivers are, and whether they may report."""
    await positions().keep_driver(event)


@bp.function_name("geofencing_on_user_deleted")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="auth",
    subscription_name="geofencing-on-user-deleted",
    is_sessions_enabled=True,
)
@handles(UserDeleted)
async def on_user_deleted(event: UserDeleted) -> None:
    """Forget a driver who was deleted."""
    await positions().forget_driver(event)
