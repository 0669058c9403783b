"""What the two ends of an AMQP connection say to each other (OASIS amqp-core-transport, 2.7)."""

from dataclasses import dataclass
from enum import IntEnum

from local.servicebus.codec.decode import decode
from local.servicebus.codec.encode import NULL, composite
from local.servicebus.codec.fields import Fields
from local.servicebus.codec.slices import list_slices
from local.servicebus.codec.types import DecodeError, Described, Encoded, Symbol, UInt, ULong
from local.servicebus.faults import Fault


class Performative(IntEnum):
    OPEN = 0x10
    BEGIN = 0x11
    ATTACH = 0x12
    FLOW = 0x13
    TRANSFER = 0x14
    DISPOSITION = 0x15
    DETACH = 0x16
    END = 0x17
    CLOSE = 0x18
    SASL_MECHANISMS = 0x40
    SASL_INIT = 0x41
    SASL_OUTCOME = 0x44


class Outcome(IntEnum):
    ACCEPTED = 0x24
    REJECTED = 0x25
    RELEASED = 0x26
    MODIFIED = 0x27


SEQUENCE_MASK = 0xFFFFFFFF  # sequence numbers have 32 bits and wrap (RFC 1982)
SOURCE = 0x28
ERROR = 0x1D
RECEIVER, SENDER = True, False


def parse(body: bytes) -> tuple[int, Fields, int, int]:
    """(code, fields, where the list begins, where the payload begins). Raises DecodeError."""
    if not body or body[0] != 0:
        raise DecodeError("a performative is a described list")
    code, start = decode(body, 1)
    if not isinstance(code, int):
        raise DecodeError("a performative's descriptor is a number")
    values, end = decode(body, start)
    return code, Fields(values), start, end


def error(fault: Fault) -> Described:
    """All three fields: azure-servicebus indexes the third and hangs for ever if it is missing."""
    return Described(ULong(ERROR), [Symbol(fault.condition), fault.description, {}])


def outcome(code: Outcome, *fields: object) -> Described:
    return Described(ULong(code), list(fields))


def rejected(fault: Fault) -> Described:
    return outcome(Outcome.REJECTED, error(fault))


@dataclass(frozen=True, slots=True)
class Attach:
    """A client's wish for a link. `is_sender`: the client is the one that sends."""

    name: str
    handle: int
    is_sender: bool
    sender_settle_mode: int | None
    source: Fields
    target: Fields
    properties: dict[str, object]
    raw: tuple[Encoded, ...]

    @property
    def address(self) -> str | None:
        return (self.target if self.is_sender else self.source).text(0)

    def field(self, index: int) -> Encoded:
        """A field in the client's own bytes, to be echoed."""
        return self.raw[index] if index < len(self.raw) else Encoded(NULL)

    @classmethod
    def read(cls, fields: Fields, body: bytes, start: int) -> "Attach":
        name = fields.text(0)
        if name is None:
            raise DecodeError("a link has a name")
        return cls(
            name,
            fields.needed_number(1) & SEQUENCE_MASK,
            not fields.flag(2),
            fields.number(3),
            fields.composite(5),
            fields.composite(6),
            fields.mapping(13),
            tuple(list_slices(body, start)),
        )


@dataclass(frozen=True, slots=True)
class Transfer:
    """One frame of a delivery; only its first frame says which delivery it is."""

    handle: int
    delivery_id: int | None
    message_format: int
    settled: bool
    more: bool
    aborted: bool
    payload: bytes

    @classmethod
    def read(cls, fields: Fields, payload: bytes) -> "Transfer":
        delivery_id = fields.number(1)
        return cls(
            fields.needed_number(0),
            None if delivery_id is None else delivery_id & SEQUENCE_MASK,
            fields.number(3) or 0,
            fields.flag(4),
            fields.flag(5),
            fields.flag(9),
            payload,
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """`handle` None: about the session's window alone."""

    next_incoming_id: int
    incoming_window: int
    handle: int | None
    delivery_count: int
    link_credit: int
    drain: bool
    echo: bool

    @classmethod
    def read(cls, fields: Fields) -> "Flow":
        return cls(
            fields.number(0) or 0,
            fields.needed_number(1),
            fields.number(4),
            fields.number(5) or 0,
            fields.number(6) or 0,
            fields.flag(8),
            fields.flag(9),
        )


@dataclass(frozen=True, slots=True)
class Disposition:
    """What became of the deliveries from `first` to `last`."""

    from_receiver: bool
    first: int
    last: int
    settled: bool
    state: Described | None

    @classmethod
    def read(cls, fields: Fields) -> "Disposition":
        first = fields.needed_number(1) & SEQUENCE_MASK
        last = fields.number(2)
        state = fields[4]
        if state is not None and not isinstance(state, Described):
            raise DecodeError("a delivery state is a described value")
        return cls(fields.flag(0), first, first if last is None else last, fields.flag(3), state)


def disposition(*, role: bool, delivery_id: int, state: Described) -> bytes:
    return composite(Performative.DISPOSITION, [role, UInt(delivery_id), None, True, state])


def detach(handle: int, *, closed: bool, fault: Fault | None = None) -> bytes:
    reason = None if fault is None else error(fault)
    return composite(Performative.DETACH, [UInt(handle), closed, reason])
