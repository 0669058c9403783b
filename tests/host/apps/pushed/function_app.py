"""One function of every kind, pushed by hand."""

import json
from typing import Any, List  # noqa: UP035 - the engine does not know `list[...]`

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
seen: list[dict[str, Any]] = []


@app.function_name("saw")
@app.route(route="seen", methods=["GET"])
def saw(req: func.HttpRequest) -> func.HttpResponse:
    """What one function saw."""
    wanted = str(req.params["function"]).lower()
    return func.HttpResponse(json.dumps({"seen": [x for x in seen if x["function"] == wanted]}))


@app.timer_trigger(arg_name="timer", schedule="0 0 0 1 1 *")
def timed(timer: func.TimerRequest) -> None:
    """Once a year."""
    seen.append({"function": "timed", "past_due": timer.past_due})


@app.timer_trigger(arg_name="timer", schedule="0 0 0 1 1 *")
def fails(timer: func.TimerRequest) -> None:
    """Never succeeds."""
    raise RuntimeError("it fails")


@app.service_bus_queue_trigger(arg_name="msg", queue_name="q", connection="SERVICE_BUS")
def queued(msg: func.ServiceBusMessage) -> None:
    """A message."""
    seen.append(
        {
            "function": "queued",
            "body": msg.get_body().decode(),
            "delivery_count": msg.delivery_count,
            "properties": msg.application_properties,
            "message_id": msg.message_id,
        }
    )


@app.service_bus_queue_trigger(
    arg_name="msgs", queue_name="b", connection="SERVICE_BUS", cardinality="many"
)
def batched(msgs: List[func.ServiceBusMessage]) -> None:  # noqa: UP006 - as above
    """Several messages."""
    seen.append({"function": "batched", "bodies": [msg.get_body().decode() for msg in msgs]})


@app.cosmos_db_trigger(
    arg_name="documents", connection="COSMOS", database_name="d", container_name="c"
)
def changed(documents: func.DocumentList) -> None:
    """Changed documents."""
    seen.append({"function": "changed", "ids": [document["id"] for document in documents]})
