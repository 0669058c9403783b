"""The AMQP types that have no Python type of their own, and the one error that bad bytes raise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum


class DecodeError(ValueError):
    """The bytes are not the AMQP 1.0 value that they claim to be."""


class Symbol(str):
    """An ASCII name."""

    __slots__ = ()


class UByte(int):
    """8 bits, unsigned."""

    __slots__ = ()


class UShort(int):
    """16 bits, unsigned."""

    __slots__ = ()


class UInt(int):
    """32 bits, unsigned."""

    __slots__ = ()


class ULong(int):
    """64 bits, unsigned."""

    __slots__ = ()


class Int(int):
    """32 bits, signed. A plain Python int is an AMQP long, 64 bits."""

    __slots__ = ()


class Timestamp(int):
    """Milliseconds since 1970-01-01 UTC."""

    __slots__ = ()


class Encoded(bytes):
    """A value that is encoded already: carries a sender's exact bytes through untouched."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Described:
    """A value with a descriptor that says what it is."""

    descriptor: object
    value: object


class ArrayOf(IntEnum):
    """The constructor byte that all elements of an array share."""

    UUID = 0x98
    LONG = 0x81
    TIMESTAMP = 0x83
    SYMBOL = 0xB3


@dataclass(frozen=True, slots=True)
class Array:
    """Elements of one type. Decodes as a plain list."""

    of: ArrayOf
    items: Sequence[object]


AmqpMap = Mapping[object, object]
