"""Python values to bytes. Its type chooses the AMQP type, so widths that matter are wrapped."""

import struct
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from local.servicebus.codec.types import (
    AmqpMap,
    Array,
    ArrayOf,
    Described,
    Encoded,
    Int,
    Symbol,
    Timestamp,
    UByte,
    UInt,
    ULong,
    UShort,
)

_U16, _U32, _U64 = struct.Struct(">H"), struct.Struct(">I"), struct.Struct(">Q")
_I32, _I64, _F64 = struct.Struct(">i"), struct.Struct(">q"), struct.Struct(">d")
_PAIR = struct.Struct(">II")
NULL = b"\x40"


def encode(value: object) -> bytes:
    """Raises TypeError for a value of no AMQP type."""
    encoder = _ENCODERS.get(type(value))
    if encoder is None:
        raise TypeError(f"{type(value).__name__} is no AMQP type")
    return encoder(value)


def encode_list(values: Sequence[object]) -> bytes:
    """A list without the nulls at its end, which AMQP allows to be left out of every composite."""
    count = len(values)
    while count and values[count - 1] is None:
        count -= 1
    if not count:
        return b"\x45"
    return _compound(0xC0, 0xD0, count, b"".join(map(encode, values[:count])))


def encode_map(values: AmqpMap) -> bytes:
    return _compound(
        0xC1,
        0xD1,
        2 * len(values),
        b"".join(encode(key) + encode(value) for key, value in values.items()),
    )


def composite(descriptor: int, fields: Sequence[object]) -> bytes:
    """A described list: the shape of every performative, and of header and properties."""
    return described(descriptor, encode_list(fields))


def described(descriptor: int, encoded: bytes) -> bytes:
    """`encoded` behind a descriptor below 256, as all that AMQP itself defines are."""
    return b"\x00\x53" + bytes((descriptor,)) + encoded


def _plain_list(values: Sequence[object]) -> bytes:
    if not values:
        return b"\x45"
    return _compound(0xC0, 0xD0, len(values), b"".join(map(encode, values)))


def _compound(narrow: int, wide: int, count: int, body: bytes) -> bytes:
    if len(body) < 255 and count < 256:
        return bytes((narrow, len(body) + 1, count)) + body
    return bytes((wide,)) + _PAIR.pack(len(body) + 4, count) + body


def _variable(narrow: int, wide: int, raw: bytes) -> bytes:
    if len(raw) < 256:
        return bytes((narrow, len(raw))) + raw
    return bytes((wide,)) + _U32.pack(len(raw)) + raw


def _uint(value: int) -> bytes:
    if value == 0:
        return b"\x43"
    return bytes((0x52, value)) if value < 256 else b"\x70" + _U32.pack(value)


def _ulong(value: int) -> bytes:
    if value == 0:
        return b"\x44"
    return bytes((0x53, value)) if value < 256 else b"\x80" + _U64.pack(value)


def _uuids(items: Iterable[UUID]) -> bytes:
    return b"".join(item.bytes for item in items)


def _longs(items: Iterable[int]) -> bytes:
    return b"".join(map(_I64.pack, items))


def _symbols(items: Iterable[str]) -> bytes:
    return b"".join(_U32.pack(len(item)) + item.encode("ascii") for item in items)


_ELEMENTS: dict[ArrayOf, Callable[..., bytes]] = {
    ArrayOf.UUID: _uuids,
    ArrayOf.LONG: _longs,
    ArrayOf.TIMESTAMP: _longs,
    ArrayOf.SYMBOL: _symbols,
}


def _array(value: Array) -> bytes:
    body = bytes((value.of,)) + _ELEMENTS[value.of](value.items)
    return b"\xf0" + _PAIR.pack(len(body) + 4, len(value.items)) + body


_ENCODERS: dict[type, Callable[..., bytes]] = {
    type(None): lambda _: NULL,
    bool: lambda value: b"\x41" if value else b"\x42",
    int: lambda value: b"\x81" + _I64.pack(value),
    float: lambda value: b"\x82" + _F64.pack(value),
    str: lambda value: _variable(0xA1, 0xB1, value.encode("utf-8")),
    bytes: lambda value: _variable(0xA0, 0xB0, value),
    Symbol: lambda value: _variable(0xA3, 0xB3, value.encode("ascii")),
    UByte: lambda value: bytes((0x50, value)),
    UShort: lambda value: b"\x60" + _U16.pack(value),
    UInt: _uint,
    ULong: _ulong,
    Int: lambda value: b"\x71" + _I32.pack(value),
    Timestamp: lambda value: b"\x83" + _I64.pack(value),
    UUID: lambda value: b"\x98" + value.bytes,
    Encoded: bytes,
    list: _plain_list,
    dict: encode_map,
    Array: _array,
    Described: lambda value: b"\x00" + encode(value.descriptor) + encode(value.value),
}
