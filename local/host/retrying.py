"""Running a function again, by its retry policy, until it succeeds or may not be repeated."""

from typing import Any

from local.host.engine import Cause
from local.host.index import IndexedFunction
from local.host.invocation_log import CALLED
from local.host.invocations import Invocations
from local.host.stopping import Stop


async def run(
    invocations: Invocations,
    function: IndexedFunction,
    value: Any,
    stop: Stop,
    *,
    reason: str = CALLED,
) -> bool | None:
    """True after success, False when the policy is exhausted, None when the host stopped first."""
    retry, policy = 0, function.retry
    while True:
        most = policy.max_count if policy else 0
        cause = Cause(retry_count=retry, max_retry_count=most)
        outcome = await invocations.run(function, value, cause=cause, reason=reason)
        if outcome.ok:
            return True
        retry += 1
        if policy is None or not policy.allows(retry):
            return False
        await stop.sleep(policy.delay_s(retry))
        if stop.asked:
            return None
