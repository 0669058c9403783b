"""Which exceptions mean that something the app needs is down or busy, and not that it is broken."""

from shared.errors import Unavailable
from shared.platform.clients import NotConfigured

BUSY = {408, 429, 449, 500, 502, 503, 504}
RETRY_AFTER_S = 2


def retry_after_s(error: BaseException) -> int | None:
    """Seconds after which to try again if `error` is an outage of a dependency, else None."""
    if isinstance(error, NotConfigured):
        return None
    if isinstance(error, Unavailable):
        return RETRY_AFTER_S
    if isinstance(error, (ConnectionError, TimeoutError)):
        return RETRY_AFTER_S
    if not type(error).__module__.startswith(("azure.", "aiohttp.", "livekit.")):
        return None
    status = getattr(error, "status_code", None) or getattr(error, "status", None)
    if status is not None and status not in BUSY:
        return None
    return _asked_for(error) or RETRY_AFTER_S


def _asked_for(error: BaseException) -> int | None:
    headers = getattr(error, "headers", None) or {}
    milliseconds = headers.get("x-ms-retry-after-ms")
    return -(-int(milliseconds) // 1000) if milliseconds else None
