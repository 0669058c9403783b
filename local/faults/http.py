"""A plan followed by a part that speaks HTTP. It knows no service: each says what is its own."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from local.faults.plan import NONE, Fault, Faults

log = logging.getLogger("local.faults")


@dataclass(frozen=True)
class Service:
    """How one service fails.

    `call` gives (operation, target), or None for what is not the service's own, like its local
    page. `unavailable` is a 503 in its words. `wrong` answers in the right form about something
    else, and the request is not carried out; None where no answer can be wrong.
    """

    call: Callable[[web.Request], tuple[str, str] | None]
    unavailable: Callable[[web.Request, Fault], web.StreamResponse]
    wrong: Callable[[web.Request], Awaitable[web.StreamResponse | None]]


def following(faults: Faults, service: Service) -> list[Middleware]:
    """For the outside of an application, so that faults befall whoever asks; none for NONE."""
    if faults is NONE:
        return []

    @web.middleware
    async def follow(request: web.Request, handler: Handler) -> web.StreamResponse:
        call = service.call(request)
        fault = faults.next(*call) if call else None
        if call is None or fault is None:
            return await handler(request)
        log.info("fault %s in %s %s", fault.name, *call)
        if fault.name == "unavailable":
            return service.unavailable(request, fault)
        if fault.name == "slow":
            await asyncio.sleep(fault.delay_s)
            return await handler(request)
        if fault.name == "wrong":
            return await service.wrong(request) or await handler(request)
        answer = await handler(request)  # reply-lost: it is done, and nobody learns of it
        cut(request)
        return answer

    return [follow]


def cut(request: web.Request) -> None:
    """Break the connection, whatever was sent of the answer so far."""
    if request.transport is not None:
        request.transport.abort()


def retry_after(fault: Fault) -> dict[str, str]:
    """The header that each HTTP client knows: whole seconds, at least one."""
    return {"Retry-After": str(max(1, -(-fault.retry_after_ms // 1000)))}
