"""Bytes to Python values. Raises DecodeError, and nothing else, on any bytes whatever."""

import struct
from collections.abc import Callable
from uuid import UUID

from local.servicebus.codec.types import (
    DecodeError,
    Described,
    Int,
    Symbol,
    Timestamp,
    UByte,
    UInt,
    ULong,
    UShort,
)

MAX_DEPTH = 32
DESCRIBED = 0x00
_NARROW = {0xC0, 0xC1, 0xE0}
_WIDE = {0xD0, 0xD1, 0xF0}
_MAPS = {0xC1, 0xD1}
_ARRAYS = {0xE0, 0xF0}
_SCALAR_KEYS = (str, int, bytes, float, UUID, type(None))
_SIZE = struct.Struct(">I")

Scalar = Callable[[bytes], object]


def _number(layout: str, kind: Callable[[int], object]) -> Scalar:
    unpack = struct.Struct(layout).unpack
    return lambda raw: kind(unpack(raw)[0])


def _boolean(raw: bytes) -> bool:
    if raw[0] > 1:
        raise DecodeError("a boolean is 0 or 1")
    return raw[0] == 1


def _symbol(raw: bytes) -> Symbol:
    return Symbol(raw.decode("ascii"))


def _character(raw: bytes) -> str:
    return raw.decode("utf-32-be")


def _real(layout: str) -> Scalar:
    unpack = struct.Struct(layout).unpack
    return lambda raw: float(unpack(raw)[0])


# Constructor byte -> how to read exactly the bytes that the constructor's width announces.
_SCALARS: dict[int, Scalar] = {
    0x40: lambda _: None,
    0x41: lambda _: True,
    0x42: lambda _: False,
    0x43: lambda _: UInt(0),
    0x44: lambda _: ULong(0),
    0x45: lambda _: [],
    0x50: _number(">B", UByte),
    0x51: _number(">b", int),
    0x52: _number(">B", UInt),
    0x53: _number(">B", ULong),
    0x54: _number(">b", Int),
    0x55: _number(">b", int),
    0x56: _boolean,
    0x60: _number(">H", UShort),
    0x61: _number(">h", int),
    0x70: _number(">I", UInt),
    0x71: _number(">i", Int),
    0x72: _real(">f"),
    0x73: _character,
    0x74: bytes,  # the decimals: nothing here computes with them
    0x80: _number(">Q", ULong),
    0x81: _number(">q", int),
    0x82: _real(">d"),
    0x83: _number(">q", Timestamp),
    0x84: bytes,
    0x94: bytes,
    0x98: lambda raw: UUID(bytes=raw),
    0xA0: bytes,
    0xA1: lambda raw: raw.decode("utf-8"),
    0xA3: _symbol,
    0xB0: bytes,
    0xB1: lambda raw: raw.decode("utf-8"),
    0xB3: _symbol,
}
_FIXED_WIDTH = {0x4: 0, 0x5: 1, 0x6: 2, 0x7: 4, 0x8: 8, 0x9: 16}


def decode(data: bytes, position: int = 0) -> tuple[object, int]:
    """The value at `position` and the position after it."""
    return _decode(data, position, 0)


def decode_one(data: bytes) -> object:
    """The value that all of `data` is."""
    value, end = decode(data)
    if end != len(data):
        raise DecodeError("bytes follow the value")
    return value


def skip(data: bytes, position: int, depth: int = 0) -> int:
    """The position after the value at `position`, without building the value."""
    if depth > MAX_DEPTH:
        raise DecodeError("the value is nested too deeply")
    if position >= len(data):
        raise DecodeError("the value is cut short")
    if data[position] == DESCRIBED:
        return skip(data, skip(data, position + 1, depth + 1), depth + 1)
    _, end = _extent(data[position], data, position + 1)
    return end


def _decode(data: bytes, position: int, depth: int) -> tuple[object, int]:
    if depth > MAX_DEPTH:
        raise DecodeError("the value is nested too deeply")
    if position >= len(data):
        raise DecodeError("the value is cut short")
    code = data[position]
    if code == DESCRIBED:
        descriptor, position = _decode(data, position + 1, depth + 1)
        value, position = _decode(data, position, depth + 1)
        return Described(descriptor, value), position
    return _construct(code, data, position + 1, depth)


def _construct(code: int, data: bytes, position: int, depth: int) -> tuple[object, int]:
    """The value that follows a constructor byte, which an array has only once for all elements."""
    start, end = _extent(code, data, position)
    scalar = _SCALARS.get(code)
    if scalar is not None:
        try:
            return scalar(data[start:end]), end
        except UnicodeDecodeError as error:
            raise DecodeError("the text is not in its encoding") from error
    if code in _ARRAYS:
        return _array(code, data, position, end, depth), end
    count, start = _count(code, data, position)
    items = _items(data, start, end, count, depth)
    return (_mapping(items) if code in _MAPS else items), end


def _extent(code: int, data: bytes, position: int) -> tuple[int, int]:
    """Where the content of a value begins and ends; `position` is behind its constructor byte."""
    family = code >> 4
    width = _FIXED_WIDTH.get(family)
    start = position
    if width is None:
        start, width = _announced(code, data, position)
    elif code not in _SCALARS:
        raise DecodeError(f"unknown constructor 0x{code:02x}")
    if start + width > len(data):
        raise DecodeError("the value is cut short")
    return start, start + width


def _announced(code: int, data: bytes, position: int) -> tuple[int, int]:
    if code not in _SCALARS and code not in _NARROW and code not in _WIDE:
        raise DecodeError(f"unknown constructor 0x{code:02x}")
    if (code >> 4) in {0xA, 0xC, 0xE}:
        if position >= len(data):
            raise DecodeError("the value is cut short")
        return position + 1, data[position]
    if position + 4 > len(data):
        raise DecodeError("the value is cut short")
    return position + 4, int(_SIZE.unpack_from(data, position)[0])


def _count(code: int, data: bytes, position: int) -> tuple[int, int]:
    """The number of elements of a compound value, and where they begin."""
    if code in _NARROW:
        size, width = data[position], 1
    else:
        size, width = _SIZE.unpack_from(data, position)[0], 4
    if size < width:
        raise DecodeError("a compound value without a count")
    return int.from_bytes(
        data[position + width : position + 2 * width], "big"
    ), position + 2 * width


def _items(data: bytes, start: int, end: int, count: int, depth: int) -> list[object]:
    if count > end - start:  # every element takes at least one byte
        raise DecodeError("more elements are announced than there is room for")
    items: list[object] = []
    for _ in range(count):
        value, start = _decode(data, start, depth + 1)
        if start > end:
            break
        items.append(value)
    if start != end:
        raise DecodeError("the size of a compound value is wrong")
    return items


def _mapping(items: list[object]) -> dict[object, object]:
    if len(items) % 2:
        raise DecodeError("a map with a key but no value")
    keys = items[::2]
    if not all(isinstance(key, _SCALAR_KEYS) for key in keys):
        raise DecodeError("a map key that is not a scalar")
    return dict(zip(keys, items[1::2], strict=True))


def _array(code: int, data: bytes, position: int, end: int, depth: int) -> list[object]:
    count, start = _count(code, data, position)
    if count == 0:
        return []
    if start >= end or count > end - start:
        raise DecodeError("more elements are announced than there is room for")
    element = data[start]
    if element == DESCRIBED:
        raise DecodeError("arrays of described values are not read")
    start += 1
    items: list[object] = []
    for _ in range(count):
        if depth >= MAX_DEPTH:
            raise DecodeError("the value is nested too deeply")
        value, start = _construct(element, data, start, depth + 1)
        if start > end:
            raise DecodeError("the size of an array is wrong")
        items.append(value)
    if start != end:
        raise DecodeError("the size of an array is wrong")
    return items
