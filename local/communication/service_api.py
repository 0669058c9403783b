"""The service's own HTTP: `/sms`, `/emails:send`, `/emails/operations/{id}`, all signed."""

from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from local.communication import keys
from local.communication.authorization import Signed, authorize
from local.communication.email import EmailRequest, running
from local.communication.faults import FaultOrder
from local.communication.refusals import Refused, bad_request
from local.communication.sms import SmsRequest

POLL_MS = 100

Body = TypeVar("Body", bound=BaseModel)


async def send_sms(request: web.Request) -> web.Response:
    await _admit(request)
    fault = request.app[keys.FAULTS].of_request("sms")
    if fault and not fault.after_recording:
        return ordered(fault)
    body = await _body(request, SmsRequest)
    results = request.app[keys.SMS].send(body, request.app[keys.CLOCK]())
    await request.app[keys.CHANGES].tell()
    return ordered(fault) if fault else web.json_response({"value": results}, status=202)


async def send_email(request: web.Request) -> web.Response:
    await _admit(request)
    fault = request.app[keys.FAULTS].of_request("email")
    if fault and not fault.after_recording:
        return ordered(fault)
    body = await _body(request, EmailRequest)
    given = request.headers.get("Operation-Id")
    operation = request.app[keys.EMAIL].send(body, given, request.app[keys.CLOCK]())
    await request.app[keys.CHANGES].tell()
    if fault:
        return ordered(fault)
    version = request.query["api-version"]
    place = f"{request.scheme}://{request.host}/emails/operations/{operation}"
    headers = {"Operation-Location": f"{place}?api-version={version}", **_soon()}
    return web.json_response(running(operation), status=202, headers=headers)


async def operation(request: web.Request) -> web.Response:
    await _admit(request)
    now = request.app[keys.CLOCK]()
    status = request.app[keys.EMAIL].status(request.match_info["id"], now)
    return web.json_response(status, headers=_soon())


@web.middleware
async def plainly(request: web.Request, handler: keys.Handler) -> web.StreamResponse:
    """Refusals in Azure's words."""
    try:
        return await handler(request)
    except Refused as refused:
        return web.json_response(refused.body(), status=refused.status)
    except web.HTTPRequestEntityTooLarge:
        too_large = Refused(413, "RequestTooLarge", "The request is larger than 10 MB.")
        return web.json_response(too_large.body(), status=too_large.status)


async def _admit(request: web.Request) -> None:
    """Raises Refused unless the request is signed and names a version."""
    signed = Signed(request.method, request.raw_path, request.headers, await request.read())
    authorize(signed, request.app[keys.ACCESS_KEY], request.app[keys.CLOCK]())
    if not request.query.get("api-version"):
        raise bad_request("The api-version is missing.", "MissingApiVersionParameter")


async def _body(request: web.Request, kind: type[Body]) -> Body:
    try:
        return kind.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        raise bad_request(f"{place}: {first['msg']}") from error


def ordered(fault: FaultOrder) -> web.Response:
    """The answer that a fault puts in place of the right one."""
    headers = {} if fault.retry_after_s is None else {"Retry-After": str(fault.retry_after_s)}
    refused = Refused(fault.status, "InjectedFault", "This fault was ordered at /_local/faults.")
    return web.json_response(refused.body(), status=fault.status, headers=headers)


def _soon() -> dict[str, str]:
    """The SDKs' pollers would wait 30 seconds without it."""
    return {"x-ms-retry-after-ms": str(POLL_MS)}


ROUTES = [
    web.post("/sms", send_sms),
    web.post("/emails:send", send_email),
    web.get("/emails/operations/{id}", operation),
]
