"""Requests to a node ($cbs or $management) and their replies, as AMQP messages."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.servicebus.codec.decode import decode
from local.servicebus.codec.encode import NULL, composite, described, encode, encode_map
from local.servicebus.codec.fields import text_keys
from local.servicebus.codec.slices import list_slices
from local.servicebus.codec.types import Encoded
from local.servicebus.message import APPLICATION, DATA, PROPERTIES, VALUE, sections


@dataclass(frozen=True, slots=True)
class Request:
    """`message_id` stays encoded: the reply must carry the very same type."""

    message_id: Encoded
    properties: Mapping[str, object]
    value: object

    @classmethod
    def read(cls, raw: bytes) -> "Request":
        """Raises DecodeError."""
        message_id, value = Encoded(NULL), None
        properties: dict[str, object] = {}
        for descriptor, _, start, _ in sections(raw):
            if descriptor == PROPERTIES:
                slices = list_slices(raw, start)
                message_id = slices[0] if slices else message_id
            elif descriptor == APPLICATION:
                properties = text_keys(decode(raw, start)[0])
            elif descriptor in {VALUE, DATA}:
                value = decode(raw, start)[0]
        return cls(message_id, properties, value)

    def text(self, name: str) -> str | None:
        value = self.properties.get(name)
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        return value if isinstance(value, str) else None

    def reply(self, properties: Mapping[str, object], value: object) -> bytes:
        return b"".join(
            (
                composite(PROPERTIES, [None, None, None, None, None, self.message_id]),
                described(APPLICATION, encode_map(dict(properties.items()))),
                described(VALUE, encode(value)),
            )
        )
