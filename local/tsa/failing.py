"""How the authority fails when a plan says so. Its root stays to be had."""

from aiohttp import web
from asn1crypto import tsp

from local.faults.http import Service, retry_after
from local.faults.plan import Fault
from local.tsa.authority import BadRequest, TimestampAuthority

REPLY = "application/timestamp-reply"


def service(authority: TimestampAuthority) -> Service:
    async def wrong(request: web.Request) -> web.Response | None:
        """A token that holds, over something that nobody asked about."""
        try:
            answer = authority.answer(_about_something_else(await request.read()))
        except (BadRequest, ValueError, TypeError, KeyError):
            return None
        return web.Response(body=answer, content_type=REPLY)

    return Service(call, unavailable, wrong)


def call(request: web.Request) -> tuple[str, str] | None:
    return ("timestamp", "") if request.method == "POST" and request.path == "/" else None


def unavailable(_request: web.Request, fault: Fault) -> web.Response:
    return web.Response(status=503, text="The authority rests.", headers=retry_after(fault))


def _about_something_else(query: bytes) -> bytes:
    asked = tsp.TimeStampReq.load(query, strict=True)
    imprint = asked["message_imprint"]
    imprint["hashed_message"] = bytes(byte ^ 0xFF for byte in imprint["hashed_message"].native)
    other: bytes = asked.dump(force=True)
    return other
