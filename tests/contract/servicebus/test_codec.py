"""The codec: what it writes it reads back; no bytes make it do worse than DecodeError."""

import math
import time
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from local.servicebus.codec.decode import decode, decode_one, skip
from local.servicebus.codec.encode import encode
from local.servicebus.codec.slices import list_slices, map_slices
from local.servicebus.codec.types import (
    Array,
    ArrayOf,
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
from local.servicebus.entities.held import Held
from local.servicebus.frames import FrameReader
from local.servicebus.message import Content, split_batch
from local.servicebus.performatives import Attach, Disposition, Flow, Transfer, parse
from local.servicebus.requests import Request


def unsigned(bits: int) -> st.SearchStrategy[int]:
    return st.integers(0, 2**bits - 1)


def signed(bits: int) -> st.SearchStrategy[int]:
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


ascii_text = st.text(st.characters(max_codepoint=127), max_size=300)
keys = st.one_of(st.text(max_size=300), ascii_text.map(Symbol), signed(64), st.uuids())
scalars: st.SearchStrategy[object] = st.one_of(
    st.none(),
    st.booleans(),
    signed(64),
    st.floats(allow_nan=False),
    st.binary(max_size=300),
    st.uuids(),
    keys,
    unsigned(8).map(UByte),
    unsigned(16).map(UShort),
    unsigned(32).map(UInt),
    unsigned(64).map(ULong),
    signed(32).map(Int),
    signed(64).map(Timestamp),
)
values: st.SearchStrategy[object] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(keys, inner, max_size=5),
        st.builds(Described, st.one_of(unsigned(64).map(ULong), ascii_text.map(Symbol)), inner),
    ),
    max_leaves=40,
)


def types_of(value: object) -> object:
    """The value's types all the way down: 1, True and UInt(1) are equal but not the same."""
    match value:
        case list():
            return [types_of(item) for item in value]
        case dict():
            return [(types_of(key), types_of(item)) for key, item in value.items()]
        case Described():
            return (types_of(value.descriptor), types_of(value.value))
    return type(value)


@settings(deadline=None)
@given(values)
def test_what_is_written_is_read_back(value: object) -> None:
    raw = encode(value)
    read = decode_one(raw)
    assert read == value
    assert types_of(read) == types_of(value)
    assert skip(raw, 0) == len(raw)


@settings(deadline=None)
@given(st.lists(st.uuids()), st.lists(signed(64)), st.lists(ascii_text.map(Symbol)))
def test_arrays_are_read_back(ids: list[UUID], longs: list[int], symbols: list[Symbol]) -> None:
    assert decode_one(encode(Array(ArrayOf.UUID, ids))) == ids
    assert decode_one(encode(Array(ArrayOf.LONG, longs))) == longs
    assert decode_one(encode(Array(ArrayOf.TIMESTAMP, longs))) == longs
    assert decode_one(encode(Array(ArrayOf.SYMBOL, symbols))) == symbols


@settings(deadline=None)
@given(st.lists(scalars, max_size=300), st.dictionaries(st.text(), scalars))
def test_slices_are_the_members(members: list[object], entries: dict[str, object]) -> None:
    assert [decode_one(part) for part in list_slices(encode(members), 0)] == members
    parts = map_slices(encode(entries), 0)
    assert {name: decode_one(part) for name, part in parts.items()} == entries


def read_everything(raw: bytes) -> None:
    """Each reader of bytes from outside, as the server runs it."""

    def performative() -> None:
        code, fields, start, end = parse(raw)
        assert isinstance(code, int)
        for read in (Flow.read, Disposition.read):
            read(fields)
        Transfer.read(fields, raw[end:])
        Attach.read(fields, raw, start)

    def frames() -> None:
        reader = FrameReader(65_536)
        reader.feed(raw)
        while reader.frame() is not None:
            pass

    def content() -> None:
        found = Content(raw)
        found.body()
        delivered = Held(found, 1, 1, "q", 0).as_delivered()
        assert Content(delivered).body() == found.body()

    readers = [lambda: decode(raw), lambda: skip(raw, 0), lambda: list_slices(raw, 0)]
    readers += [lambda: map_slices(raw, 0), lambda: split_batch(raw), lambda: Request.read(raw)]
    for read in (*readers, performative, frames, content):
        try:
            read()
        except DecodeError:
            continue


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=200))
@example(b"\xf0\x00\x00\x00\x05\xff\xff\xff\xff\x40")  # 4 billion nulls in ten bytes
@example(b"\x00" * 5000)  # descriptors of descriptors
@example(b"\xd0\x00\x00\x00\x04\xff\xff\xff\xff")
@example(b"\x00\x53\x74\xc1\x01\x01")  # application properties: a key without a value
@example(b"\x00\x53\x73\xc0\x03\x01\x40\x40")  # properties with bytes left over
def test_any_bytes(raw: bytes) -> None:
    read_everything(raw)


@settings(max_examples=400, deadline=None)
@given(values, st.integers(0, 200), st.integers(0, 255), st.sampled_from([0x14, 0x12, 0x73, 0x74]))
def test_nearly_right_bytes(value: object, where: int, byte: int, descriptor: int) -> None:
    """Mutations of valid values reach far deeper than noise does."""
    raw = bytearray(b"\x00\x53" + bytes((descriptor,)) + encode(value))
    raw[where % len(raw)] = byte
    read_everything(bytes(raw))


def test_deep_and_wide_values_end_soon() -> None:
    deep = b"\x45"
    for _ in range(100):
        deep = b"\xd0" + (len(deep) + 4).to_bytes(4) + (1).to_bytes(4) + deep
    with pytest.raises(DecodeError):
        decode(deep)
    started = time.monotonic()
    wide = encode([[1]] * 100_000)
    read = decode_one(wide)
    assert isinstance(read, list)
    assert len(read) == 100_000
    assert time.monotonic() - started < 10  # quadratic work would take minutes


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"\x54\xff", -1),
        (b"\x55\x80", -128),
        (b"\x61\xff\xfe", -2),
        (b"\x72\x3f\xc0\x00\x00", 1.5),
        (b"\x73\x00\x01\xf6\x00", "😀"),
        (b"\x56\x01", True),
        (b"\xe0\x04\x02\x52\x01\x02", [1, 2]),
    ],
)
def test_forms_that_others_send(raw: bytes, value: object) -> None:
    assert decode_one(raw) == value


def test_not_a_number_is_read_back() -> None:
    read = decode_one(encode(math.nan))
    assert isinstance(read, float)
    assert math.isnan(read)


def test_what_is_no_amqp_type_is_not_written() -> None:
    with pytest.raises(TypeError):
        encode({1, 2})
