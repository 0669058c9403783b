"""MurmurHash3 x64 128 (Austin Appleby, public domain). Knows no partition keys."""

_MASK = 0xFFFFFFFFFFFFFFFF
_C1 = 0x87C37B91114253D5
_C2 = 0x4CF5AD432745937F


def murmur3_128(data: bytes, seed: int = 0) -> bytes:
    """Sixteen bytes: the low half, then the high half, each little-endian."""
    low = high = seed
    whole = len(data) & ~15
    for start in range(0, whole, 16):
        low ^= _stir(int.from_bytes(data[start : start + 8], "little"), _C1, 31, _C2)
        low = (_rotate(low, 27) + high) & _MASK
        low = (low * 5 + 0x52DCE729) & _MASK
        high ^= _stir(int.from_bytes(data[start + 8 : start + 16], "little"), _C2, 33, _C1)
        high = (_rotate(high, 31) + low) & _MASK
        high = (high * 5 + 0x38495AB5) & _MASK
    tail = data[whole:]
    high ^= _stir(int.from_bytes(tail[8:], "little"), _C2, 33, _C1)
    low ^= _stir(int.from_bytes(tail[:8], "little"), _C1, 31, _C2)
    return _finish(low, high, len(data))


def _finish(low: int, high: int, length: int) -> bytes:
    low ^= length
    high ^= length
    low = (low + high) & _MASK
    high = (high + low) & _MASK
    low, high = _avalanche(low), _avalanche(high)
    low = (low + high) & _MASK
    high = (high + low) & _MASK
    return low.to_bytes(8, "little") + high.to_bytes(8, "little")


def _stir(word: int, first: int, turn: int, second: int) -> int:
    return (_rotate((word * first) & _MASK, turn) * second) & _MASK


def _rotate(word: int, turn: int) -> int:
    return ((word << turn) | (word >> (64 - turn))) & _MASK


def _avalanche(word: int) -> int:
    word ^= word >> 33
    word = (word * 0xFF51AFD7ED558CCD) & _MASK
    word ^= word >> 33
    word = (word * 0xC4CEB9FE1A85EC53) & _MASK
    return word ^ (word >> 33)
