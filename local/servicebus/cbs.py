"""The $cbs node: claims-based security, where clients put their tokens."""

import logging

from local.servicebus.claims import Claims
from local.servicebus.codec.types import Int
from local.servicebus.faults import Fault
from local.servicebus.requests import Request

CBS_NODE = "$cbs"
log = logging.getLogger(__name__)


def put_token(claims: Claims, raw: bytes) -> bytes:
    """The reply to a put-token request. Raises DecodeError.

    azure-servicebus calls its signatures `jwt`, so a token is judged by what it is.
    """
    request = Request.read(raw)
    if request.text("operation") != "put-token":
        return _reply(request, 400, "Only put-token is supported.")
    token = request.value
    try:
        claims.add(token.decode("utf-8", "replace") if isinstance(token, bytes) else str(token))
    except Fault as fault:
        log.warning("token for %s refused: %s", request.text("name"), fault.description)
        return _reply(request, fault.status, fault.description)
    return _reply(request, 202, "Accepted")


def _reply(request: Request, status: int, description: str) -> bytes:
    return request.reply({"status-code": Int(status), "status-description": description}, None)
