"""Guessing passwords: slower and slower, and never told how close one is."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from functions.auth.domain.guessing import (
    OF_ACCOUNT,
    OF_ADDRESS,
    Failures,
    Limit,
    Strategy,
    first_failure,
)
from shared.platform.clients import container
from tests.auth.people import PASSWORD, create, log_in

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
# Keycloak's published tables: a wait increment of 30 s, and at most 5 failures.
MULTIPLE = [0, 0, 0, 0, 30, 30, 30, 30, 30, 60]
LINEAR = [0, 0, 0, 0, 30, 60, 90, 120, 150, 180]


@pytest.mark.parametrize(
    ("strategy", "waits"), [(Strategy.MULTIPLE, MULTIPLE), (Strategy.LINEAR, LINEAR)]
)
def test_the_wait_grows_as_in_the_published_table(strategy: Strategy, waits: list[int]) -> None:
    limit = Limit(5, 30, 10_000, strategy)
    assert [limit.wait_s(failures) for failures in range(1, 11)] == waits


@pytest.mark.parametrize("limit", [OF_ACCOUNT, OF_ADDRESS])
def test_no_wait_is_longer_than_the_longest(limit: Limit) -> None:
    assert limit.wait_s(100_000) == limit.most_wait_s
    assert limit.wait_s(0) == 0


def test_a_lock_opens_by_itself() -> None:
    failures = first_failure("t", "f", NOON).model_copy(update={"count": OF_ACCOUNT.most_failures})
    opens = NOON + timedelta(seconds=OF_ACCOUNT.wait_increment_s)
    assert failures.locked_until(OF_ACCOUNT) == opens


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("known", [True, False])
async def test_after_so_many_failures_the_right_password_is_wrong_too(
    tenant: str, known: bool
) -> None:
    await create(tenant, "ann@example.com" if known else "bea@example.com")
    refusals = [await log_in(tenant, password="wrong") for _ in range(OF_ACCOUNT.most_failures)]
    locked = await log_in(tenant)

    told = {(refused.code, refused.json["detail"]) for refused in [*refusals, locked]}
    assert told == {("login-failed", "E-mail address and password do not fit together.")}


@pytest.mark.usefixtures("records")
async def test_getting_in_forgets_the_failures_before(tenant: str) -> None:
    await create(tenant)
    for _ in range(3):
        for _ in range(OF_ACCOUNT.most_failures - 1):
            await log_in(tenant, password="wrong")
        assert (await log_in(tenant)).status == 200


@pytest.mark.usefixtures("records")
async def test_an_address_that_tries_many_accounts_is_locked_for_all(tenant: str) -> None:
    await create(tenant)
    here = "203.0.113.7:443"
    for number in range(OF_ADDRESS.most_failures):
        await log_in(tenant, f"u{number}@example.com", "wrong", x_forwarded_for=here)

    assert (await log_in(tenant, x_forwarded_for=here)).code == "login-failed"
    assert (await log_in(tenant, x_forwarded_for="203.0.113.8:443")).status == 200


@pytest.mark.usefixtures("records")
async def test_no_failure_of_many_at_once_is_lost(tenant: str) -> None:
    await create(tenant)
    await asyncio.gather(*(log_in(tenant, password="wrong") for _ in range(4)))
    query = "SELECT c.count FROM c WHERE c.kind = 'Failures'"
    items = container("auth").query_items(query, partition_key=[tenant, "users"])
    assert [item["count"] async for item in items] == [4]
    assert (await log_in(tenant, password=PASSWORD)).status == 200


def test_failures_are_forgotten_in_time() -> None:
    assert Failures(id="f", tenant_id="t", failed_at=NOON).ttl == 12 * 60 * 60
