"""What calls do of themselves."""

import azure.functions as func

from functions.calls.wiring import calls
from shared.telemetry import scope

bp = func.Blueprint()


@bp.function_name("calls_every_5_minutes_close_forgotten")
@bp.timer_trigger("timer", schedule="0 */5 * * * *")
async def every_5_minutes_close_forgotten(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the worker binds it by name
    """End calls whose room is gone though no webhook said so."""
    with scope.entered(scope.begin()):
        await calls().close_forgotten()
