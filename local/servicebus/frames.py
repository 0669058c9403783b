"""AMQP frames: where one ends and the next begins. Does not know what is in them."""

import struct
from dataclasses import dataclass

from local.servicebus.codec.types import DecodeError

AMQP_HEADER = b"AMQP\x00\x01\x00\x00"
SASL_HEADER = b"AMQP\x03\x01\x00\x00"
HEARTBEAT = b"\x00\x00\x00\x08\x02\x00\x00\x00"
HEADER_BYTES = 8
AMQP_FRAME, SASL_FRAME = 0, 1
_HEAD = struct.Struct(">IBBH")


@dataclass(frozen=True, slots=True)
class Frame:
    """`body` is a performative, and the payload behind it; empty for a heartbeat."""

    kind: int
    channel: int
    body: bytes


def frame_bytes(body: bytes, channel: int = 0, kind: int = AMQP_FRAME) -> bytes:
    return _HEAD.pack(HEADER_BYTES + len(body), 2, kind, channel) + body


class FrameReader:
    """Collects bytes as they arrive and gives out what is whole."""

    def __init__(self, max_frame_bytes: int) -> None:
        self._max_frame_bytes = max_frame_bytes
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def protocol_header(self) -> bytes | None:
        if len(self._buffer) < HEADER_BYTES:
            return None
        header = bytes(self._buffer[:HEADER_BYTES])
        del self._buffer[:HEADER_BYTES]
        return header

    def frame(self) -> Frame | None:
        """The next one, once it is whole. Raises DecodeError."""
        if len(self._buffer) < HEADER_BYTES:
            return None
        size, offset, kind, channel = _HEAD.unpack_from(self._buffer)
        if size < HEADER_BYTES or size > self._max_frame_bytes:
            raise DecodeError(f"a frame of {size} bytes")
        if offset < 2 or offset * 4 > size:
            raise DecodeError("a frame's body begins outside of it")
        if len(self._buffer) < size:
            return None
        body = bytes(self._buffer[offset * 4 : size])
        del self._buffer[:size]
        return Frame(kind, channel, body)
