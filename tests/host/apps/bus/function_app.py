"""Service Bus functions that keep what they saw, and fail when the body tells them to."""

import asyncio
import json
from typing import Any, List  # noqa: UP035 - the engine does not know `list[...]`

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
seen: list[dict[str, Any]] = []
state = {"running": 0, "most": 0, "sessions": 0, "most_sessions": 0}


@app.route(route="seen", methods=["GET"])
async def saw(req: func.HttpRequest) -> func.HttpResponse:
    """Everything so far, or that of one function."""
    one = req.params.get("function")
    found = [each for each in seen if one in {None, each["function"]}]
    return func.HttpResponse(json.dumps({"seen": found, "state": state}))


def note(function: str, msg: func.ServiceBusMessage, context: func.Context) -> str:
    """Keep what arrived; the body is returned."""
    body = msg.get_body().decode("latin-1")
    seen.append(
        {
            "function": function,
            "body": body,
            "message_id": msg.message_id,
            "delivery_count": msg.delivery_count,
            "session_id": msg.session_id,
            "correlation_id": msg.correlation_id,
            "subject": msg.subject,
            "content_type": msg.content_type,
            "sequence_number": msg.sequence_number,
            "enqueued": msg.enqueued_time_utc.isoformat() if msg.enqueued_time_utc else None,
            "lock_token": msg.lock_token,
            "properties": msg.application_properties,
            "user_properties": msg.user_properties,
            "trace_parent": context.trace_context.trace_parent,
        }
    )
    return body


@app.service_bus_queue_trigger(arg_name="msg", queue_name="%PLAIN_QUEUE%", connection="SERVICE_BUS")
async def plain(msg: func.ServiceBusMessage, context: func.Context) -> None:
    """One message at a time, several at once."""
    body = note("plain", msg, context)
    state["running"] += 1
    state["most"] = max(state["most"], state["running"])
    try:
        if body.startswith("sleep "):
            await asyncio.sleep(float(body.removeprefix("sleep ")))
        if body == "fail":
            raise ValueError(body)
        if body == "fail once" and (msg.delivery_count or 0) < 2:
            raise ValueError(body)
    finally:
        state["running"] -= 1


@app.service_bus_topic_trigger(
    arg_name="msg", topic_name="news", subscription_name="all", connection="SERVICE_BUS"
)
async def from_topic(msg: func.ServiceBusMessage, context: func.Context) -> None:
    """A subscription."""
    note("from_topic", msg, context)


@app.service_bus_queue_trigger(
    arg_name="msgs", queue_name="batched", connection="SERVICE_BUS", cardinality="many"
)
async def batched(
    msgs: List[func.ServiceBusMessage],  # noqa: UP006 - the engine does not know `list[...]`
    context: func.Context,
) -> None:
    """Several at once."""
    for msg in msgs:
        note(f"batched {len(msgs)}", msg, context)


@app.service_bus_queue_trigger(arg_name="msg", queue_name="texts", connection="SERVICE_BUS")
def texts(msg: str) -> None:
    """The bare body, in a thread."""
    seen.append({"function": "texts", "body": msg, "type": type(msg).__name__})


@app.service_bus_queue_trigger(
    arg_name="msg", queue_name="kept", connection="SERVICE_BUS", auto_complete_messages=False
)
async def kept(msg: func.ServiceBusMessage, context: func.Context) -> None:
    """Leaves settling to nobody: the message comes again when its lock ends."""
    note("kept", msg, context)


@app.service_bus_queue_trigger(
    arg_name="msg", queue_name="ordered", connection="SERVICE_BUS", is_sessions_enabled=True
)
async def ordered(msg: func.ServiceBusMessage, context: func.Context) -> None:
    """One at a time in each session."""
    state["sessions"] += 1
    state["most_sessions"] = max(state["most_sessions"], state["sessions"])
    try:
        body = note("ordered", msg, context)
        await asyncio.sleep(0.3)
        if body.endswith("fail once") and (msg.delivery_count or 0) < 2:
            raise ValueError(body)
    finally:
        state["sessions"] -= 1
