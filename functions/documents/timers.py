"""What documents do of themselves."""

import azure.functions as func

from functions.documents.wiring import abandoning
from shared.telemetry import scope

bp = func.Blueprint()


@bp.function_name("documents_every_day_remove_abandoned_uploads")
@bp.timer_trigger("timer", schedule="0 30 2 * * *")
async def every_day_remove_abandoned_uploads(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the worker binds it by name
    """Give up uploads that nobody completed within a day, and delete what they took."""
    with scope.entered(scope.begin()):
        await abandoning().abandon_old_uploads()
