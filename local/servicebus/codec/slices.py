"""A list or a map taken apart into its members' own bytes, so that a sender's encoding survives."""

from local.servicebus.codec.decode import decode, skip
from local.servicebus.codec.types import DecodeError, Encoded

_EMPTY_LIST, _NULL = 0x45, 0x40
_LISTS = {0xC0: 3, 0xD0: 9}  # constructor -> how far behind it the first member is
_MAPS = {0xC1: 3, 0xD1: 9}


def list_slices(data: bytes, position: int) -> list[Encoded]:
    """The members of the list at `position`, still encoded."""
    if position < len(data) and data[position] in {_EMPTY_LIST, _NULL}:
        return []
    start, end, count = _open(data, position, _LISTS)
    members = []
    for _ in range(count):
        after = skip(data, start)
        members.append(Encoded(data[start:after]))
        start = after
    _closed(start, end)
    return members


def map_slices(data: bytes, position: int) -> dict[str, Encoded]:
    """The map at `position`: text keys, values still encoded."""
    if position < len(data) and data[position] == _NULL:
        return {}
    start, end, count = _open(data, position, _MAPS)
    entries = {}
    for _ in range(count // 2):
        key, start = decode(data, start)
        after = skip(data, start)
        entries[_name(key)] = Encoded(data[start:after])
        start = after
    _closed(start, end)
    return entries


def _open(data: bytes, position: int, kinds: dict[int, int]) -> tuple[int, int, int]:
    end = skip(data, position)
    code = data[position]
    if code not in kinds:
        raise DecodeError(f"constructor 0x{code:02x} where a list or map belongs")
    start = position + kinds[code]
    if start > end:
        raise DecodeError("a compound value without a count")
    count = int.from_bytes(data[position + (kinds[code] + 1) // 2 : start], "big")
    if count > end - start:
        raise DecodeError("more members are announced than there is room for")
    return start, end, count


def _closed(start: int, end: int) -> None:
    if start != end:
        raise DecodeError("the size of a compound value is wrong")


def _name(key: object) -> str:
    # Some clients send names as binary, others as text or symbol.
    if isinstance(key, bytes):
        return key.decode("utf-8", "replace")
    if isinstance(key, str):
        return str(key)
    raise DecodeError("a key that is not text")
