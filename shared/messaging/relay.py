"""From a container's outbox to Service Bus, at least once: one function for one container."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import azure.functions as func

from shared.platform.clients import Sender, sender
from shared.telemetry.logs import say

if TYPE_CHECKING:
    from azure.servicebus import ServiceBusMessage

POLL_MS = 500
Item = Mapping[str, Any]


def relay(capability: str) -> func.Blueprint:
    """Its topic and queues have duplicate detection by message id, so sending twice is harmless."""
    bp = func.Blueprint()

    @bp.function_name(f"{capability}_publish_events")
    @bp.cosmos_db_trigger(
        "changes",
        connection="COSMOS",
        database_name="%COSMOS_DATABASE%",
        container_name=capability,
        lease_container_name="leases",
        lease_container_prefix=capability,
        feed_poll_delay=POLL_MS,
        start_from_beginning=True,  # type: ignore[arg-type]  # annotated as a time, used as a flag
        max_items_per_invocation=100,
    )
    @bp.retry("fixed_delay", max_retry_count="-1", delay_interval="00:00:05")  # never skip a change
    async def publish_events(changes: func.DocumentList) -> None:
        waiting = [dict(item) for item in changes if item.get("kind") == "outbox"]
        for destination, items in _by_destination(waiting).items():
            await _send(await sender(destination), items)
        if waiting:
            say("outbox.published", capability=capability, count=len(waiting))

    return bp


def _by_destination(items: Iterable[Item]) -> dict[str, list[Item]]:
    grouped: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        grouped[item["destination"]].append(item)
    return grouped


async def _send(to: Sender, items: Iterable[Item]) -> None:
    """In as few batches as the broker's size limit allows, in order."""
    batch = await to.create_message_batch()
    for item in items:
        message = message_of(item)
        try:
            batch.add_message(message)
        except ValueError:  # full
            await to.send_messages(batch)
            batch = await to.create_message_batch()
            batch.add_message(message)
    await to.send_messages(batch)


def message_of(item: Item) -> "ServiceBusMessage":
    """An outbox item as a message: its id, its type as subject, its document as session."""
    from azure.servicebus import ServiceBusMessage

    actor = item["actor"]
    return ServiceBusMessage(
        json.dumps(item["body"], separators=(",", ":")),
        message_id=item["message_id"],
        subject=item["type"],
        session_id=item["session_id"],
        correlation_id=item["correlation_id"],
        content_type="application/json",
        application_properties={
            "traceparent": item["traceparent"],
            "Diagnostic-Id": item["traceparent"],  # the name Azure's own tracing looks for
            "actor": f"{actor['kind']}:{actor['id']}",
        },
    )
