"""Where messages go that no retry will ever help, each with the reason.

Azure's Python worker can complete or abandon a message, but not dead-letter it; so this queue takes
a copy, and the original is completed. See docs/decisions.
"""

from typing import Any

import azure.functions as func

from shared.platform.clients import sender
from shared.telemetry.logs import warn

QUEUE = "poison"
MAX_REASON = 1000


def properties_of(message: func.ServiceBusMessage) -> dict[str, Any]:
    """What its sender wrote beside the body; the worker has known it under two names."""
    return {**(message.user_properties or {}), **(message.application_properties or {})}


async def put_aside(
    message: func.ServiceBusMessage, function: str, reason: str, description: str
) -> None:
    """Keep the message as it came, with who gave it up and why."""
    from azure.servicebus import ServiceBusMessage

    copy = ServiceBusMessage(
        message.get_body(),
        message_id=message.message_id,
        subject=message.label,
        correlation_id=message.correlation_id,
        content_type=message.content_type,
        session_id=message.session_id,
        application_properties={
            **{str(name): str(value) for name, value in properties_of(message).items()},
            "PoisonReason": reason,
            "PoisonDescription": description[:MAX_REASON],
            "PoisonFunction": function,
        },
    )
    await (await sender(QUEUE)).send_messages(copy)
    warn("message.put_aside", message_id=message.message_id, reason=reason)
