"""Quotas: never more than they say, and as much as they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.limits import MOST_KEYS, Limiter, Quota, TooOften

QUOTA = Quota("test", 10, 60)


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def allowed(limiter: Limiter, times: int, key: str = "ann") -> int:
    let_in = 0
    for _ in range(times):
        try:
            limiter.take(QUOTA, key)
        except TooOften:
            continue
        let_in += 1
    return let_in


def test_a_quota_is_used_up_and_comes_back_evenly() -> None:
    seconds = Seconds()
    limiter = Limiter(seconds)
    assert allowed(limiter, 15) == 10
    assert allowed(limiter, 5, "bea") == 5
    seconds.now += 6.0
    assert allowed(limiter, 5) == 1
    seconds.now += 60.0
    assert allowed(limiter, 15) == 10


def test_what_is_left_is_told() -> None:
    limiter = Limiter(Seconds())
    assert limiter.take(QUOTA, "ann").headers == {
        "RateLimit-Policy": '"test";q=10;w=60',
        "RateLimit": '"test";r=9;t=6',
    }
    last = [limiter.take(QUOTA, "ann") for _ in range(9)][-1]
    assert (last.requests, last.whole_in_s) == (0, 60)
    with pytest.raises(TooOften) as refused:
        limiter.take(QUOTA, "ann")
    assert refused.value.more == {"retry_after_s": 6, "policy": "test"}


@given(
    st.lists(st.floats(0, 30, allow_nan=False), max_size=100),
    st.integers(1, 20),
    st.integers(1, 120),
)
def test_no_stretch_of_time_has_more_than_twice_the_quota_and_waiting_helps(
    gaps: list[float], requests: int, window_s: int
) -> None:
    quota, seconds = Quota("any", requests, window_s), Seconds()
    limiter, let_in = Limiter(seconds), []
    for gap in gaps:
        seconds.now += gap
        try:
            limiter.take(quota, "ann")
        except TooOften as refused:
            seconds.now += refused.more["retry_after_s"]  # type: ignore[operator]  # an int
            limiter.take(quota, "ann")
        let_in.append(seconds.now)
    for began in let_in:
        assert sum(began <= at < began + window_s for at in let_in) <= 2 * requests


def test_memory_is_bounded() -> None:
    limiter = Limiter(Seconds())
    for number in range(MOST_KEYS + 10):
        limiter.take(QUOTA, str(number))
    assert len(limiter._full_at) == MOST_KEYS
