"""Which quotas a request counts against: that of its network address, and that of its caller."""

from collections.abc import Mapping

from shared.http.limits import Limiter, Quota
from shared.http.origin import client_address
from shared.identity.caller import Caller
from shared.platform.settings import settings
from shared.provided import Provided

limiter = Provided(Limiter)


def of_address(headers: Mapping[str, str], own: Quota | None) -> dict[str, str]:
    """What to tell of it. `own` is the endpoint's, beside that of all. Raises TooOften.

    Where the address is not known nobody is counted: one quota for all would lock out everybody.
    """
    chosen = settings()
    address = client_address(headers, chosen.trusted_proxies)
    if not address:
        return {}
    told: dict[str, str] = {}
    if chosen.rate_limit_per_address:
        quota = Quota("address", chosen.rate_limit_per_address)
        told = limiter().take(quota, address).headers
    if own is not None:
        told = limiter().take(own, address).headers
    return told


def of_caller(caller: Caller) -> dict[str, str]:
    """What to tell of it. Raises TooOften."""
    allowed = settings().rate_limit_per_user
    if not allowed:
        return {}
    return limiter().take(Quota("user", allowed), f"{caller.tenant_id}/{caller.id}").headers
