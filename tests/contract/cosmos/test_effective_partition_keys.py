"""Where keys lie on the ring: our hash against published values and against the SDK's own."""

from typing import Any

from azure.cosmos import PartitionKey
from hypothesis import given
from hypothesis import strategies as st

from local.cosmos.murmur import murmur3_128
from local.cosmos.partition import key_from

PARTS = st.one_of(
    st.text(max_size=60),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: number + 0.0),  # no -0.0
    st.booleans(),
    st.none(),
)


def test_published_values_of_the_hash() -> None:
    assert murmur3_128(b"").hex() == "0" * 32
    fox = murmur3_128(b"The quick brown fox jumps over the lazy dog")
    assert fox[7::-1].hex() + fox[:7:-1].hex() == "e34bbc7bbc071b6c7a433ca9c49a9347"


@given(PARTS, PARTS)
def test_hierarchical_keys_lie_where_the_sdk_looks_for_them(first: Any, second: Any) -> None:
    theirs = PartitionKey(["/a", "/b"])._get_effective_partition_key_string([first, second])
    ours = key_from([first, second], "MultiHash").epk
    assert ours == theirs
    assert ours.startswith(str(PartitionKey(["/a"])._get_effective_partition_key_string([first])))


@given(PARTS)
def test_single_keys_lie_where_the_sdk_looks_for_them(part: Any) -> None:
    theirs = PartitionKey("/a")._get_effective_partition_key_string([part])
    assert key_from([part], "Hash").epk == theirs


def test_equal_numbers_are_one_key() -> None:
    assert key_from([1, "a"], "MultiHash") == key_from([1.0, "a"], "MultiHash")
    assert key_from([1], "Hash") != key_from(["1"], "Hash")
    assert key_from([True], "Hash") != key_from([1], "Hash")
