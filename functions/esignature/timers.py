"""What e-signature does because time passes."""

import azure.functions as func

from functions.esignature.wiring import esignature
from shared.telemetry import scope
from shared.telemetry.logs import say

bp = func.Blueprint()


@bp.function_name("esignature_every_hour_expire_envelopes")
@bp.timer_trigger("timer", schedule="0 0 * * * *")
async def expire_envelopes(timer: func.TimerRequest) -> None:
    """Links are dead from the moment on at which their time is over; this notes it down."""
    with scope.entered(scope.begin()):
        say("esignature.expiring", past_due=timer.past_due)
        await esignature().timekeeping.expire_overdue()


@bp.function_name("esignature_every_hour_retry_seals")
@bp.timer_trigger("timer", schedule="0 30 * * * *")
async def retry_seals(timer: func.TimerRequest) -> None:
    """An outage of the timestamp authority may outlast a job's deliveries."""
    with scope.entered(scope.begin()):
        say("esignature.retrying_seals", past_due=timer.past_due)
        await esignature().timekeeping.ask_again_for_seals()
