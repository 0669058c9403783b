"""A change feed function that keeps what it saw, and fails while a document tells it to."""

import json
import os
from pathlib import Path
from typing import Any

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
seen: list[dict[str, Any]] = []


@app.route(route="seen", methods=["GET"])
async def saw(req: func.HttpRequest) -> func.HttpResponse:
    """Every batch so far."""
    return func.HttpResponse(json.dumps({"seen": seen}))


@app.cosmos_db_trigger(
    arg_name="documents",
    connection="COSMOS",
    database_name="%COSMOS_DATABASE%",
    container_name="trips",
    lease_container_name="leases",
    lease_container_prefix="patient-",
    feed_poll_delay=100,
    start_from_beginning=True,  # type: ignore[arg-type]  # the library annotates it as a time
    max_items_per_invocation=3,
)
@app.retry(strategy="fixed_delay", max_retry_count="-1", delay_interval="00:00:01")
def patient(documents: func.DocumentList, context: func.Context) -> None:
    """Tries for ever."""
    ids = [document["id"] for document in documents]
    retry = context.retry_context.retry_count
    seen.append({"function": "patient", "ids": ids, "retry": retry})
    stops = any(document.get("stop") for document in documents)
    if stops and Path(os.environ["BLOCK_FILE"]).exists():
        raise RuntimeError("blocked")


@app.cosmos_db_trigger(
    arg_name="documents",
    connection="COSMOS",
    database_name="%COSMOS_DATABASE%",
    container_name="trips",
    lease_container_name="leases",
    lease_container_prefix="hasty-",
    feed_poll_delay=100,
)
@app.retry(strategy="fixed_delay", max_retry_count="1", delay_interval="00:00:00")
def hasty(documents: func.DocumentList) -> None:
    """From now on, and gives up after one repetition."""
    seen.append({"function": "hasty", "ids": [document["id"] for document in documents]})
    if any(document.get("poison") for document in documents):
        raise RuntimeError("poison")
