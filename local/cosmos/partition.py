"""Partition keys: taken from documents and headers, written canonically, placed on the ring.

The effective partition key (EPK) follows the public SDKs: MurmurHash3-128 over typed components,
version 2.
"""

import struct
from dataclasses import dataclass
from functools import lru_cache

from local.cosmos.errors import bad_request
from local.cosmos.murmur import murmur3_128
from local.cosmos.wire import Document, Value, canonical, decode

Path = tuple[str, ...]

_UNDEFINED, _NULL, _FALSE, _TRUE, _NUMBER, _STRING = 0x00, 0x01, 0x02, 0x03, 0x05, 0x08
_STRING_END = b"\xff"
_RING_MASK = 0x3F  # the two highest bits stay free, because the ring ends before "FF"
_LONGEST_PART = 2048


@dataclass(frozen=True, slots=True)
class PartitionKey:
    """One logical partition: its place on the ring, and its values as canonical JSON."""

    epk: str
    text: str


def parse_path(path: str) -> Path:
    """`/a/"b c"` as ("a", "b c")."""
    return tuple(part.strip('"') for part in path.strip("/").split("/"))


def dig(document: Value, path: Path) -> Value:
    """The value at `path`; `{}`, as on the wire, where there is none."""
    for name in path:
        if not isinstance(document, dict) or name not in document:
            return {}
        document = document[name]
    return document


def key_of(document: Document, paths: tuple[Path, ...], kind: str) -> PartitionKey:
    return key_from([dig(document, path) for path in paths], kind)


def key_from_header(header: str, paths: tuple[Path, ...], kind: str) -> PartitionKey:
    """Raises 400 unless the header names a value for every path."""
    parts = decode(header)
    if not isinstance(parts, list):
        raise bad_request("Partition key provided is invalid.")
    if len(parts) != len(paths):
        raise bad_request(
            "Partition key provided either doesn't correspond to definition in the collection or "
            "doesn't match partition key field values specified in the document.",
            1001,
        )
    return key_from(parts, kind)


def key_from(parts: list[Value], kind: str) -> PartitionKey:
    for part in parts:
        _check_part(part)
    written = canonical(parts)
    return PartitionKey(_place(written, kind), written)


def _check_part(part: Value) -> None:
    if isinstance(part, list) or (isinstance(part, dict) and part):
        raise bad_request("Partition key value must be a string, a number, a boolean or null.")
    if isinstance(part, str) and len(part.encode()) > _LONGEST_PART:
        raise bad_request(f"Partition key value must not exceed {_LONGEST_PART} bytes.")


@lru_cache(maxsize=10_000)
def _place(written: str, kind: str) -> str:
    components = [_component(part) for part in decode(written)]
    if kind == "MultiHash":
        return "".join(_ring(component) for component in components)
    return _ring(b"".join(components))


def _ring(component: bytes) -> str:
    # The digest reads as one 128-bit number, most significant byte first, high half before low.
    digest = bytearray(reversed(murmur3_128(component)))
    digest[0] &= _RING_MASK
    return digest.hex().upper()


def _component(part: Value) -> bytes:
    if isinstance(part, str):
        return bytes([_STRING]) + part.encode() + _STRING_END
    if isinstance(part, bool):
        return bytes([_TRUE if part else _FALSE])
    if isinstance(part, int | float):
        return bytes([_NUMBER]) + struct.pack("<d", float(part))
    return bytes([_NULL if part is None else _UNDEFINED])
