"""What auth does by the clock."""

import azure.functions as func

from shared.identity.verifying import keyring
from shared.telemetry import scope
from shared.telemetry.logs import say

bp = func.Blueprint()


@bp.function_name("auth_every_day_rotate_keys")
@bp.timer_trigger("timer", schedule="0 30 3 * * *")
async def rotate_keys(timer: func.TimerRequest) -> None:
    """Make the successors of signing keys that grow old, and drop those that no token needs."""
    with scope.entered(scope.begin()):
        say("auth.keys_rotated", past_due=timer.past_due, made=await keyring().rotate())
