"""A claim is renewed while its holder works, and by nobody afterwards."""

import asyncio
from datetime import timedelta

import pytest

from shared.errors import Stale, Unavailable
from shared.http import idempotency
from shared.http.idempotency import Attempt
from shared.http.keeping_alive import KeptAlive
from shared.records.document import Stored

OFTEN_S = 0.001
PATIENCE_S = 10.0


class Renewals:
    """Renews as requests do, and says when it has been often enough."""

    def __init__(self, enough: int, fails_with: Exception | None = None) -> None:
        self.enough = asyncio.Event()
        self.count = 0
        self._wanted = enough
        self._fails_with = fails_with

    async def __call__(self, claim: Stored[Attempt]) -> Stored[Attempt]:
        self.count += 1
        if self.count >= self._wanted:
            self.enough.set()
        if self._fails_with is not None:
            raise self._fails_with
        return await idempotency._renewed(claim)


async def aged(tenant: str) -> Stored[Attempt]:
    claim = await idempotency._claim(tenant, "name", "print")
    old = claim.document.claimed_at - timedelta(seconds=19)
    return await idempotency.attempts().save(
        claim.now(claim.document.model_copy(update={"claimed_at": old})), "grow old"
    )


@pytest.mark.usefixtures("records")
async def test_it_is_renewed_for_as_long_as_the_work_takes(tenant: str) -> None:
    claim, renewals = await aged(tenant), Renewals(3)
    async with KeptAlive(claim, renewals, OFTEN_S) as kept, asyncio.timeout(PATIENCE_S):
        await renewals.enough.wait()
    found = await idempotency.attempts().get(tenant, "name")

    assert found.document.claimed_at > claim.document.claimed_at + timedelta(seconds=15)
    assert found.etag == kept.claim.etag
    assert renewals.count >= 3


@pytest.mark.usefixtures("records")
async def test_quick_work_renews_nothing(tenant: str) -> None:
    claim = await aged(tenant)
    async with KeptAlive(claim, idempotency._renewed, 3600) as kept:
        pass
    assert kept.claim is claim


@pytest.mark.usefixtures("records")
async def test_a_claim_that_was_taken_over_is_left_to_its_new_holder(tenant: str) -> None:
    renewals = Renewals(1, Stale("taken over"))
    async with KeptAlive(await aged(tenant), renewals, OFTEN_S), asyncio.timeout(PATIENCE_S):
        await renewals.enough.wait()
        await asyncio.sleep(0)
    assert renewals.count == 1


@pytest.mark.usefixtures("records")
async def test_an_outage_ends_neither_the_work_nor_the_renewing(tenant: str) -> None:
    renewals = Renewals(3, Unavailable("down"))
    async with KeptAlive(await aged(tenant), renewals, OFTEN_S), asyncio.timeout(PATIENCE_S):
        await renewals.enough.wait()
    assert renewals.count >= 3
