"""Passwords that everybody tries: the most frequent ones of public leaks are never taken."""

from datetime import timedelta

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from functions.auth.domain.passwords import (
    CONTEXT_WORDS,
    LEAST_ALONE,
    LEAST_WITH_FACTOR,
    LONGEST,
    check,
)
from functions.auth.domain.refusals import WeakPassword
from functions.auth.repository.strength import estimated
from tests.auth.frozen import frozen
from tests.auth.people import create, log_in

TOP = 3000
LEAKED: list[str] = list(FREQUENCY_LISTS["passwords"])


def taken(password: str, *, with_factor: bool) -> bool:
    try:
        check(password, estimated(password, []), [], with_factor=with_factor)
    except WeakPassword:
        return False
    return True


@pytest.mark.parametrize(
    ("least", "with_factor"), [(LEAST_WITH_FACTOR, True), (LEAST_ALONE, False)]
)
def test_no_frequent_password_is_taken(least: int, with_factor: bool) -> None:
    """The most frequent three thousand that are long enough, or all there are."""
    long_enough = [each for each in LEAKED if least <= len(each) <= LONGEST][:TOP]
    assert long_enough
    assert [each for each in long_enough if taken(each, with_factor=with_factor)] == []


def test_the_list_is_long() -> None:
    assert len(LEAKED) >= 20_000
    assert len([each for each in LEAKED if len(each) >= LEAST_WITH_FACTOR]) >= TOP


def test_a_frequent_password_is_not_hidden_by_capitals_or_a_digit() -> None:
    for each in ("Password1", "PASSWORD123", "p4ssw0rd", "1234567890", "Qwertyuiop1"):
        assert not taken(each, with_factor=True)


def test_no_password_is_made_of_the_listed_words() -> None:
    for word in CONTEXT_WORDS:
        assert not taken(f"{word}{word}{word}-2026", with_factor=True), word


@pytest.mark.usefixtures("records")
async def test_no_password_grows_too_old(tenant: str) -> None:
    """Ten years on it opens as it did."""
    with frozen() as time:
        await create(tenant)
        time.move(timedelta(days=3650))
        assert (await log_in(tenant)).status == 200
