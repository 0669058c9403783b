"""Messages as the Functions host delivers them, and what waits in an outbox."""

from typing import Any

import azure.functions as func
from azure.functions import servicebus

from shared.contracts import Told
from shared.platform.clients import container

WAITING = "SELECT * FROM c WHERE c.tenant_id = @tenant AND c.kind = 'outbox' ORDER BY c.message_id"


def message(told: Told | bytes, *, message_id: str | None = None) -> func.ServiceBusMessage:
    """An event or job, or any bytes, as a trigger hands it over."""
    body = told if isinstance(told, bytes) else told.model_dump_json().encode()
    known = told.id if isinstance(told, Told) else "m-1"
    kind = told.type if isinstance(told, Told) else None
    return servicebus.ServiceBusMessage(
        body=body,
        message_id=message_id or known,
        correlation_id="test-correlation",
        label=kind,
        content_type="application/json",
        delivery_count=1,
        application_properties={},
        user_properties={},
    )


async def told_by(capability: str, tenant: str, *kinds: type[Told]) -> list[dict[str, Any]]:
    """The bodies of what a capability has told since, oldest first; only `kinds` where given."""
    found = container(capability).query_items(
        WAITING, parameters=[{"name": "@tenant", "value": tenant}], partition_key=[tenant]
    )
    types = {kind.type for kind in kinds}
    return [item["body"] async for item in found if not types or item["type"] in types]
