"""Calls over HTTP."""

from http import HTTPStatus

import azure.functions as func

from functions.calls.domain import CallHasEnded, NotInvited, WebhookNotSigned
from functions.calls.models import CallFilter, CallView, StartCall, TokenView
from functions.calls.wiring import call_records, calls
from shared.errors import Missing, Unavailable
from shared.http.call import Call, Reply
from shared.http.declaration import PUBLIC, Raw
from shared.http.endpoint import endpoint
from shared.http.paging import Page, page_of
from shared.records.audit import AuditTrail

bp = func.Blueprint()
WEBHOOK = Raw("application/webhook+json", 256 * 1024)


@bp.function_name("calls_start")
@bp.route("v1/calls", methods=["POST"])
@endpoint(
    needs="calls:write",
    takes=StartCall,
    gives=CallView,
    status=HTTPStatus.CREATED,
    refuses=[Unavailable],
)
async def start(call: Call[StartCall]) -> Reply:
    """Start a call and invite users to it.

    A LiveKit room opens for it; those invited are notified."""
    stored = await calls().start(call.caller, call.body)
    return Reply(CallView.of(stored.document), etag=stored.etag)


@bp.function_name("calls_list")
@bp.route("v1/calls", methods=["GET"])
@endpoint(needs="calls:read", asks=CallFilter, gives=Page[CallView])
async def list_calls(call: Call[None, CallFilter]) -> Page[CallView]:
    """List the calls that one started or was invited to, newest first."""
    user_id, status = call.caller.id, call.asks.status
    return await page_of(
        call.asks,
        CallView.of,
        lambda after, limit: call_records().listed(call.tenant_id, user_id, status, after, limit),
    )


@bp.function_name("calls_read")
@bp.route("v1/calls/{call_id}", methods=["GET"])
@endpoint(needs="calls:read", gives=CallView, refuses=[Missing, NotInvited])
async def read(call: Call) -> Reply:
    """Read one call: who is or was there, and for how long."""
    stored = await call_records().get(call.tenant_id, call.route["call_id"])
    stored.document.must_admit(call.caller.id)
    return Reply(CallView.of(stored.document), etag=stored.etag)


@bp.function_name("calls_issue_token")
@bp.route("v1/calls/{call_id}/token", methods=["POST"])
@endpoint(
    needs="calls:join",
    gives=TokenView,
    repeatable=False,
    refuses=[Missing, NotInvited, CallHasEnded],
)
async def issue_token(call: Call) -> TokenView:
    """Get a LiveKit token to join a call.

    It lives five minutes and opens this one room."""
    return await calls().admit(call.caller, call.route["call_id"])


@bp.function_name("calls_end")
@bp.route("v1/calls/{call_id}/end", methods=["POST"])
@endpoint(needs="calls:join", gives=CallView, refuses=[Missing, NotInvited])
async def end(call: Call) -> Reply:
    """End a call for everybody. Ending it twice is no mistake."""
    stored = await calls().end(call.caller, call.route["call_id"])
    return Reply(CallView.of(stored.document), etag=stored.etag)


@bp.function_name("calls_read_audit")
@bp.route("v1/calls/{call_id}/audit", methods=["GET"])
@endpoint(needs="audit:read", gives=AuditTrail, refuses=[Missing])
async def read_audit(call: Call) -> AuditTrail:
    """Read who changed a call, and whether the trail is unbroken."""
    return await call_records().trail(call.tenant_id, call.route["call_id"])


@bp.function_name("calls_receive_webhook")
@bp.route("v1/calls/webhooks/livekit", methods=["POST"])
@endpoint(needs=PUBLIC, takes=WEBHOOK, refuses=[WebhookNotSigned, Unavailable])
async def receive_webhook(call: Call[bytes]) -> Reply:
    """Take an event from the LiveKit server.

    Signed by LiveKit as its documentation says: the token in Authorization holds the body's
    SHA-256. A replay has no second effect."""
    await calls().receive(call.body, call.headers.get("authorization", ""))
    return Reply(status=HTTPStatus.OK)
