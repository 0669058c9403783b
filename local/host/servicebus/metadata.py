"""Messages in the form that the Service Bus extension hands to a Python worker.

Names and types are the extension's; for several messages every name ends in `Array`.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from azure.servicebus import ServiceBusReceivedMessage

from local.host import datums
from local.host.engine import Cause

Fields = Mapping[str, object]


def fields(message: ServiceBusReceivedMessage) -> dict[str, object]:
    """The metadata of a message; what it does not carry is left out."""
    properties = application_properties(message)
    found: dict[str, object] = {
        "MessageId": message.message_id,
        # AMQP counts the failed deliveries before this one, the extension counts this one as well.
        "DeliveryCount": (message.delivery_count or 0) + 1,
        "LockToken": str(message.lock_token) if message.lock_token else None,
        "SequenceNumber": message.sequence_number,
        "EnqueuedSequenceNumber": message.enqueued_sequence_number,
        "SessionId": message.session_id,
        "CorrelationId": message.correlation_id,
        "Subject": message.subject,
        "Label": message.subject,
        "ContentType": message.content_type,
        "To": message.to,
        "ReplyTo": message.reply_to,
        "ReplyToSessionId": message.reply_to_session_id,
        "PartitionKey": message.partition_key,
        "DeadLetterSource": message.dead_letter_source,
        "DeadLetterReason": message.dead_letter_reason,
        "DeadLetterErrorDescription": message.dead_letter_error_description,
        "EnqueuedTimeUtc": instant(message.enqueued_time_utc),
        "ExpiresAtUtc": instant(message.expires_at_utc),
        "ScheduledEnqueueTimeUtc": instant(message.scheduled_enqueue_time_utc),
        "LockedUntil": instant(message.locked_until_utc),
    }
    present = {name: value for name, value in found.items() if value is not None}
    return {**present, "ApplicationProperties": properties, "UserProperties": properties}


def one(found: Fields) -> dict[str, Any]:
    """The trigger metadata of a single message."""
    return {
        name: datums.text(value) if isinstance(value, str) else datums.as_json(value)
        for name, value in found.items()
    }


def many(found: Sequence[Fields]) -> dict[str, Any]:
    """The trigger metadata of a batch: one array per name, with null where a message lacks it."""
    names = sorted({name for each in found for name in each})
    return {f"{name}Array": datums.as_json([each.get(name) for each in found]) for name in names}


def body(message: ServiceBusReceivedMessage) -> bytes:
    """The bytes of a message; an AMQP value that is not bytes is written as text or JSON."""
    content = message.body
    if isinstance(content, bytes):
        return content
    if isinstance(content, str):
        return content.encode()
    if message.body_type.name == "DATA":
        return b"".join(content)
    return json.dumps(plain(content), default=str).encode()


def content(bodies: Sequence[bytes], *, batch: bool, as_bytes: bool) -> Any:
    """What the trigger's parameter receives: text, or bytes where asked for or where it is none."""
    if not as_bytes:
        try:
            decoded = [each.decode() for each in bodies]
        except UnicodeDecodeError:
            pass
        else:
            return datums.texts(decoded) if batch else datums.text(decoded[0])
    return datums.binaries(bodies) if batch else datums.binary(bodies[0])


def cause(properties: Mapping[str, object]) -> Cause:
    """The trace that the sender of a message belonged to."""
    parent = properties.get("traceparent") or properties.get("Diagnostic-Id") or ""
    return Cause(str(parent), str(properties.get("tracestate") or ""))


def application_properties(message: ServiceBusReceivedMessage) -> dict[str, object]:
    """The sender's own properties; AMQP brings names, and some values, as bytes."""
    given = message.application_properties or {}
    return {str(plain(name)): plain(value) for name, value in given.items()}


def instant(when: datetime | None) -> str | None:
    """A time as .NET writes it in UTC."""
    return None if when is None else when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: object) -> object:
    """A value that JSON can hold: AMQP brings texts, and the names in its maps, as bytes."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, dict):
        return {str(plain(name)): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value
