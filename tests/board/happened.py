"""What the app leaves behind of a trip that was planned: its functions, documents and log."""

from typing import Any

from local.board.functions.described import Function, function
from local.board.timelines import records
from tests.board.written import at, ended, said

TOLD_BY_HOST: tuple[dict[str, Any], ...] = (
    {
        "name": "trips_plan",
        "trigger": "httpTrigger",
        "binding": {"methods": ["POST"], "route": "v1/trips"},
    },
    {
        "name": "notifications_on_trip_assigned",
        "trigger": "serviceBusTrigger",
        "binding": {"topicName": "trips", "subscriptionName": "notifications"},
    },
    {
        "name": "notifications_send",
        "trigger": "serviceBusTrigger",
        "binding": {"queueName": "notifications-send"},
    },
)
FUNCTIONS: dict[str, Function] = {each["name"]: function(each) for each in TOLD_BY_HOST}


def uuid7(seconds: float, number: int = 1) -> str:
    ms = int((at(seconds) - records.EPOCH).total_seconds() * 1000)
    text = f"{ms:012x}"
    return f"{text[:8]}-{text[8:]}-7000-8000-{number:012x}"


def audit(container: str, seconds: float, action: str, **changes: Any) -> dict[str, Any]:
    entry = {
        "document_id": "d-1",
        "number": 1,
        "at": at(seconds).isoformat(),
        "actor": {"kind": "user", "id": "u-1"},
        "action": action,
        "changes": changes,
        "correlation_id": "c-1",
        "hash": "h",
    }
    return {"id": f"audit:{action}", "kind": "audit", "entry": entry}


def outbox(message_id: str, told_type: str, destination: str, saved_s: float = 0) -> dict[str, Any]:
    return {
        "id": f"outbox:{message_id}",
        "kind": "outbox",
        "message_id": message_id,
        "type": told_type,
        "destination": destination,
        "body": {"id": message_id},
        "_ts": int((at(saved_s) - records.EPOCH).total_seconds()),
    }


def handled(
    seconds: float, function_name: str, run: str, message_id: str, told_type: str
) -> list[bytes]:
    """Handling one message for 100 ms."""
    done = said(seconds + 0.1, "message.handled", run, "c-1", type=told_type, message_id=message_id)
    end = ended(seconds + 0.1, function_name, run, 100, trigger="serviceBusTrigger")
    return [done, end]
