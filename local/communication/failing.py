"""How Communication Services fails when a plan says so."""

import json
import uuid

from aiohttp import web

from local.communication.refusals import Refused
from local.faults.http import Service, retry_after
from local.faults.plan import Fault

CALLS = {"/sms": ("send", "sms"), "/emails:send": ("send", "email")}
OPERATIONS = "/emails/operations/"
STRANGER = "+4915900000000"


def call(request: web.Request) -> tuple[str, str] | None:
    if request.path.startswith(OPERATIONS):
        return "status", "email"
    return CALLS.get(request.path)


def unavailable(_request: web.Request, fault: Fault) -> web.Response:
    refused = Refused(503, "ServiceUnavailable", "The service is temporarily unavailable.")
    return web.json_response(refused.body(), status=503, headers=retry_after(fault))


async def wrong(request: web.Request) -> web.Response:
    """A success, but somebody else's: another recipient, another operation."""
    other = str(uuid.uuid4())
    if request.path == "/sms":
        count = len((await _sent(request)).get("smsRecipients", [None]))
        return web.json_response({"value": [_of_a_stranger(other)] * count}, status=202)
    done = {"id": other, "status": "Succeeded", "error": None}
    return web.json_response(done, status=200 if request.method == "GET" else 202)


async def _sent(request: web.Request) -> dict[str, list[object]]:
    try:
        found = json.loads(await request.read())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _of_a_stranger(message_id: str) -> dict[str, object]:
    return {"to": STRANGER, "messageId": message_id, "httpStatusCode": 202, "successful": True}


SERVICE = Service(call, unavailable, wrong)
