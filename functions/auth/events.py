"""What auth does when something was told."""

import azure.functions as func

from functions.auth.wiring import deletion, devices, imports, sessions
from shared.contracts.auth import ImportUsers, UserChanged, UserDeleted, UserLoggedIn
from shared.messaging.handling import handles

bp = func.Blueprint()


@bp.function_name("auth_on_user_changed")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="auth",
    subscription_name="auth-on-user-changed",
)
@handles(UserChanged)
async def on_user_changed(event: UserChanged) -> None:
    """End the logins of a user who was disabled."""
    if not event.active:
        await sessions().end_all(event.tenant_id, event.user_id, action="end session")


@bp.function_name("auth_on_user_deleted")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="auth",
    subscription_name="auth-on-user-deleted",
)
@handles(UserDeleted)
async def on_user_deleted(event: UserDeleted) -> None:
    """Take away what a deleted user has left."""
    await deletion().clean_up(event)


@bp.function_name("auth_on_user_logged_in")
@bp.service_bus_topic_trigger(
    "message",
    connection="SERVICE_BUS",
    topic_name="auth",
    subscription_name="auth-on-user-logged-in",
)
@handles(UserLoggedIn)
async def on_user_logged_in(event: UserLoggedIn) -> None:
    """Tell somebody whose login is used on a new device."""
    await devices().seen(event)


@bp.function_name("auth_work_off_import")
@bp.service_bus_queue_trigger("message", connection="SERVICE_BUS", queue_name="auth-imports")
@handles(ImportUsers)
async def work_off_import(job: ImportUsers) -> None:
    """Import some of the users of a file."""
    await imports().work(job)
