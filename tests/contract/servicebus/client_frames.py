"""What a client says, frame by frame, for tests that need more control than an SDK gives."""

from local.servicebus.codec.encode import composite, described, encode, encode_map
from local.servicebus.codec.types import Described, Symbol, UByte, UInt, ULong
from local.servicebus.frames import frame_bytes
from local.servicebus.message import APPLICATION, PROPERTIES, VALUE
from local.servicebus.performatives import Performative


def frame(code: Performative, fields: list[object], payload: bytes = b"") -> bytes:
    return frame_bytes(composite(code, fields) + payload)


def attach(handle: int, address: str, *, receives: bool, session: str | None = None) -> bytes:
    filters: dict[object, object] = {Symbol("com.microsoft:session-filter"): session}
    source: list[object] = [address, None, None, None, None, None, None]
    ends = [
        Described(ULong(0x28), [*source, filters if session else None]),
        Described(ULong(0x29), [address]),
    ]
    fields = [f"link-{handle}", UInt(handle), receives, UByte(0), UByte(1), *ends]
    return frame(Performative.ATTACH, fields)


def transfer(handle: int, delivery: int, body: bytes) -> bytes:
    fields: list[object] = [UInt(handle), UInt(delivery), b"tag", UInt(0), False, False]
    return frame(Performative.TRANSFER, fields, body)


def credit(handle: int, count: int = 10, *, drain: bool = False) -> bytes:
    fields = [
        UInt(0),
        UInt(100),
        UInt(0),
        UInt(100),
        UInt(handle),
        UInt(0),
        UInt(count),
        None,
        drain,
    ]
    return frame(Performative.FLOW, list(fields))


def request(operation: str, arguments: dict[object, object]) -> bytes:
    named: dict[object, object] = {"operation": f"com.microsoft:{operation}"}
    return b"".join(
        (
            composite(PROPERTIES, ["id"]),
            described(APPLICATION, encode_map(named)),
            described(VALUE, encode(arguments)),
        )
    )
