"""What notifications do of themselves."""

import azure.functions as func

from functions.notifications.wiring import reconciling
from shared.telemetry import scope

bp = func.Blueprint()


@bp.function_name("notifications_every_5_minutes_reconcile")
@bp.timer_trigger("timer", schedule="0 */5 * * * *")
async def every_5_minutes_reconcile(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the worker binds it by name
    """Queue messages again that nobody works on any more, or give them up."""
    with scope.entered(scope.begin()):
        await reconciling().reconcile()
