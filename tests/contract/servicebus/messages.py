"""AMQP messages made by hand, for tests without an SDK."""

from local.servicebus.codec.encode import composite, described, encode, encode_map
from local.servicebus.codec.types import Symbol, Timestamp, UInt
from local.servicebus.message import ANNOTATIONS, APPLICATION, DATA, HEADER, PROPERTIES


def message(
    body: str = "body",
    *,
    message_id: str | None = None,
    subject: str | None = None,
    session: str | None = None,
    life_ms: int | None = None,
    due_ms: int | None = None,
    properties: dict[object, object] | None = None,
) -> bytes:
    fields: list[object] = [message_id, None, None, subject, None, None, None, None, None, None]
    parts = [
        composite(HEADER, [None, None, None if life_ms is None else UInt(life_ms)]),
        composite(PROPERTIES, [*fields, session]),
        described(DATA, encode(body.encode())),
    ]
    if due_ms is not None:
        due: dict[object, object] = {Symbol("x-opt-scheduled-enqueue-time"): Timestamp(due_ms)}
        parts.insert(1, described(ANNOTATIONS, encode_map(due)))
    if properties is not None:
        parts.insert(-1, described(APPLICATION, encode_map(properties)))
    return b"".join(parts)
