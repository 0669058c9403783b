"""What auth does when something was told."""

import azure.functions as func

from functions.auth.wiring import auth
from shared.contracts.auth import UserChanged
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
    await auth().end_sessions_of_disabled(event)
