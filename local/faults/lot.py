"""A number drawn for one call: the same for the same call, and like chance between any two."""

from hashlib import blake2b

_BITS = 53  # what a float holds exactly, so that no lot is rounded up to 1


def drawn(seed: int, *call: str) -> float:
    """Evenly spread over 0 <= x < 1, and a function of its arguments alone."""
    # Each word carries its length, so that ("a", "bc") and ("ab", "c") are different calls.
    words = "".join(f"{len(word)}:{word}" for word in (str(seed), *call))
    digest = blake2b(words.encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> (64 - _BITS)) / (1 << _BITS)
