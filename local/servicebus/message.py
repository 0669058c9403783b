"""What of an AMQP message a Service Bus broker reads and rewrites.

The body, the properties and the footer stay the sender's bytes. The broker rewrites the header
(delivery count), the annotations (x-opt-*) and, on dead-lettering, the application properties.
"""

from collections.abc import Iterator, Mapping

from local.servicebus.codec.decode import decode, decode_one, skip
from local.servicebus.codec.encode import composite, described, encode_map
from local.servicebus.codec.fields import Fields
from local.servicebus.codec.slices import map_slices
from local.servicebus.codec.types import DecodeError, Symbol, UByte, UInt

BATCH_FORMAT = 0x80013700
HEADER, DELIVERY_ANNOTATIONS, ANNOTATIONS, PROPERTIES, APPLICATION = 0x70, 0x71, 0x72, 0x73, 0x74
DATA, SEQUENCE, VALUE, FOOTER = 0x75, 0x76, 0x77, 0x78
LONGEST_LIFE_MS = 0xFFFFFFFF
LAST_TIME_MS = 253_402_300_799_999  # the end of the year 9999
_BODY = {DATA, SEQUENCE, VALUE, FOOTER}


def sections(raw: bytes) -> Iterator[tuple[int, int, int, int]]:
    """(descriptor, start of the section, start of its value, end) of each section in turn."""
    position = 0
    while position < len(raw):
        if raw[position] != 0:
            raise DecodeError("a section is a described value")
        descriptor, value = decode(raw, position + 1)
        if not isinstance(descriptor, int):
            raise DecodeError("a section's descriptor is a number")
        end = skip(raw, value)
        yield descriptor, position, value, end
        position = end


class Content:
    """A sent message, taken apart once."""

    __slots__ = ("_annotations", "_application", "_body", "_header", "_properties", "raw")

    def __init__(self, raw: bytes) -> None:
        """Raises DecodeError."""
        self.raw = raw
        self._header = self._properties = Fields([])
        self._annotations: dict[str, bytes] = {}
        self._application: dict[str, bytes] = {}
        self._body: list[tuple[int, int]] = []
        for descriptor, start, value, end in sections(raw):
            if descriptor in _BODY or descriptor == PROPERTIES:
                self._body.append((start, end))
            self._read(descriptor, value)
        self._check()

    def _check(self) -> None:
        """Read everything once: what cannot be read is refused when sent, not when delivered."""
        _ = (self._header.flag(0), self._header.number(1))
        _ = (self.message_id, self.session_id, self.subject, self.correlation_id)
        _ = (self.to, self.reply_to, self.content_type, self.reply_to_session_id)
        _ = self.application_properties()
        if not 0 <= (self.time_to_live_ms or 0) <= LONGEST_LIFE_MS:
            raise DecodeError("a time to live has 32 bits")
        if not 0 <= (self.scheduled_ms or 0) <= LAST_TIME_MS:
            raise DecodeError("the scheduled time is out of range")
        if not all(name.isascii() for name in self._annotations):
            raise DecodeError("the names of annotations are symbols")

    def _read(self, descriptor: int, value: int) -> None:
        if descriptor == HEADER:
            self._header = Fields(decode(self.raw, value)[0])
        elif descriptor == ANNOTATIONS:
            self._annotations = dict(map_slices(self.raw, value))
        elif descriptor == PROPERTIES:
            self._properties = Fields(decode(self.raw, value)[0])
        elif descriptor == APPLICATION:
            self._application = dict(map_slices(self.raw, value))

    @property
    def time_to_live_ms(self) -> int | None:
        return self._header.number(2)

    @property
    def scheduled_ms(self) -> int | None:
        """When it shall become visible, in milliseconds since the epoch."""
        raw = self._annotations.get("x-opt-scheduled-enqueue-time")
        return None if raw is None else Fields([decode_one(raw)]).number(0)

    @property
    def message_id(self) -> str | None:
        return self._properties.identifier(0)

    @property
    def to(self) -> str | None:
        return self._properties.text(2)

    @property
    def subject(self) -> str | None:
        return self._properties.text(3)

    @property
    def reply_to(self) -> str | None:
        return self._properties.text(4)

    @property
    def correlation_id(self) -> str | None:
        return self._properties.identifier(5)

    @property
    def content_type(self) -> str | None:
        return self._properties.text(6)

    @property
    def session_id(self) -> str | None:
        return self._properties.text(10)

    @property
    def reply_to_session_id(self) -> str | None:
        return self._properties.text(12)

    def application_property(self, name: str) -> object:
        raw = self._application.get(name)
        return None if raw is None else decode_one(raw)

    def application_properties(self) -> dict[str, object]:
        return {name: decode_one(raw) for name, raw in self._application.items()}

    def body(self) -> bytes:
        """The data, sequence or value sections' content as one run of bytes, for showing."""
        parts = []
        for descriptor, _, value, _ in sections(self.raw):
            if descriptor in _BODY and descriptor != FOOTER:
                content = decode(self.raw, value)[0]
                parts.append(content if isinstance(content, bytes) else str(content).encode())
        return b"".join(parts)

    def as_delivered(
        self,
        *,
        delivery_count: int,
        time_to_live_ms: int | None,
        annotations: Mapping[str, object],
        added: Mapping[str, str],
    ) -> bytes:
        """The bytes for a receiver. `annotations` win over the sender's; `added` are properties."""
        priority = self._header.number(1)
        header = [
            self._header.flag(0),
            None if priority is None else UByte(priority & 0xFF),
            None if time_to_live_ms is None else UInt(min(time_to_live_ms, LONGEST_LIFE_MS)),
            None,
            UInt(delivery_count),
        ]
        all_annotations: dict[str, object] = {**self._annotations, **annotations}
        merged: dict[object, object] = {
            Symbol(name): value for name, value in all_annotations.items()
        }
        parts = [composite(HEADER, header), described(ANNOTATIONS, encode_map(merged))]
        application: dict[object, object] = {}
        application.update(self._application.items())
        application.update(added.items())
        if application:
            parts.append(described(APPLICATION, encode_map(application)))
        parts.extend(self.raw[start:end] for start, end in self._body)
        return b"".join(parts)


def split_batch(raw: bytes) -> list[bytes]:
    """The encoded messages in a batch: one data section each. Raises DecodeError."""
    messages = []
    for descriptor, _, value, _ in sections(raw):
        if descriptor == DATA:
            message = decode(raw, value)[0]
            if not isinstance(message, bytes):
                raise DecodeError("a data section is binary")
            messages.append(message)
    return messages
