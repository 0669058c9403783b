"""Requests to `<entity>/$management`: finds the operation, answers with its result."""

from collections.abc import Callable, Mapping, Sequence

from local.servicebus.codec.fields import text_keys
from local.servicebus.codec.types import DecodeError, Int, Symbol
from local.servicebus.entities.namespace import Entity, Namespace
from local.servicebus.faults import Fault, bad_argument, not_implemented
from local.servicebus.links.receiver import EntityReceiver
from local.servicebus.management import browsing, locking, scheduling, session_state
from local.servicebus.management.call import Call, Result
from local.servicebus.requests import Request

MANAGEMENT = "$management"
VENDOR = "com.microsoft:"
OPERATIONS: Mapping[str, Callable[[Call], Result]] = {
    "renew-lock": locking.renew_lock,
    "renew-session-lock": locking.renew_session_lock,
    "update-disposition": locking.update_disposition,
    "receive-by-sequence-number": browsing.receive_by_sequence_number,
    "peek-message": browsing.peek_message,
    "schedule-message": scheduling.schedule_message,
    "cancel-scheduled-message": scheduling.cancel_scheduled_message,
    "get-session-state": session_state.get_session_state,
    "set-session-state": session_state.set_session_state,
    "get-message-sessions": session_state.get_message_sessions,
}


def answer(
    namespace: Namespace, entity: Entity, receivers: Sequence[EntityReceiver], raw: bytes
) -> bytes:
    """The reply to a request. Raises DecodeError for a request that is no message."""
    request = Request.read(raw)
    try:
        result = _call(namespace, entity, receivers, request)
    except Fault as fault:
        refusal = {
            "statusCode": Int(fault.status),
            "statusDescription": fault.description,
            "errorCondition": Symbol(fault.condition),
        }
        return request.reply(refusal, None)
    found = result is not None
    status = {
        "statusCode": Int(200 if found else 204),
        "statusDescription": "OK" if found else "No Content",
    }
    return request.reply(status, result or {})


def _call(
    namespace: Namespace,
    entity: Entity,
    receivers: Sequence[EntityReceiver],
    request: Request,
) -> Result:
    name = request.text("operation") or ""
    operation = OPERATIONS.get(name.removeprefix(VENDOR))
    if operation is None:
        raise not_implemented(name)
    try:
        arguments = text_keys(request.value)
    except DecodeError as error:
        raise bad_argument("the request's body is not a map") from error
    link_name = request.text("associated-link-name")
    receiver = next((link for link in receivers if link.name == link_name), None)
    return operation(Call(namespace, entity, receiver, arguments))
