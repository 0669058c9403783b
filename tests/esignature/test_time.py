"""What time does: envelopes expire, and seals that are outstanding are asked for again."""

import asyncio

import pytest
from azure.functions.timer import TimerRequest

from functions.esignature import events, timers
from functions.esignature.service import keeping_time
from functions.esignature.wiring import esignature
from shared.contracts.esignature import EnvelopeExpired, SealEnvelope
from shared.errors import Stale
from tests.esignature.cast import (
    MovedClock,
    agree_and_sign,
    create,
    look,
    read,
    seal_jobs,
    sent,
    three,
    token_of,
)
from tests.support.messages import message, told_by

TIMER = TimerRequest(past_due=False)


async def test_what_is_over_expires_and_its_sender_is_told(tenant: str, now: MovedClock) -> None:
    over = await sent(tenant, three(1, 1, 2), expires_in_days=1)
    running = await sent(tenant, expires_in_days=2)
    draft = (await create(tenant, expires_in_days=1)).json["id"]
    now.move(days=1, seconds=1)
    for _ in range(2):
        await timers.expire_envelopes(TIMER)

    assert (await read(tenant, over))["status"] == "expired"
    assert (await read(tenant, over))["ended_at"] is not None
    assert (await read(tenant, running))["status"] == "sent"
    assert (await read(tenant, draft))["status"] == "draft"
    (told,) = await told_by("esignature", tenant, EnvelopeExpired)
    assert (told["envelope_id"], told["created_by"]) == (over, "u-1")
    assert [each["name"] for each in told["signers"]] == ["Ann Signer", "Ben Signer"]
    assert (await look(await token_of(tenant, "Ben"))).code == "signing-link-expired"


async def test_tenants_are_visited_one_by_one(tenant: str, now: MovedClock) -> None:
    tenants = [tenant, f"{tenant}-b", f"{tenant}-c"]
    made = [(each, await sent(each, expires_in_days=1)) for each in tenants]
    await sent(tenant, expires_in_days=90)
    now.move(days=2)
    await timers.expire_envelopes(TIMER)
    for each, envelope_id in made:
        assert (await read(each, envelope_id))["status"] == "expired"


async def test_more_than_a_page_expires(tenant: str, now: MovedClock) -> None:
    """As many as there are, page after page."""
    envelopes = esignature().envelopes
    first = await sent(tenant, expires_in_days=1)
    stored = await envelopes.get(tenant, first)
    for number in range(keeping_time.PAGE + 5):
        copy = stored.document.model_copy(update={"id": f"{first}-{number:04}"})
        await envelopes.save(type(stored)(copy), "copy")
    now.move(days=2)
    await esignature().timekeeping.expire_overdue()
    assert await envelopes.overdue(tenant, now(), None, 1) == []


async def test_a_signature_in_the_same_moment_is_not_lost(tenant: str, now: MovedClock) -> None:
    """Both read the envelope; whoever saves second sees that it changed."""
    envelope_id = await sent(tenant, three(1, 1, 1), expires_in_days=1)
    await agree_and_sign(await token_of(tenant))
    envelopes, timekeeping = esignature().envelopes, esignature().timekeeping
    before = await envelopes.get(tenant, envelope_id)
    changed = before.document.model_copy(update={"message": "changed meanwhile"})
    await envelopes.save(before.now(changed), "change")
    now.move(days=2)
    assert await timekeeping._expire(before) is False
    assert (await read(tenant, envelope_id))["status"] == "sent"
    with pytest.raises(Stale):
        await envelopes.save(before.now(changed), "change")


async def test_a_seal_that_is_outstanding_is_asked_for_again_each_hour(
    tenant: str, now: MovedClock
) -> None:
    envelope_id = await sent(tenant)
    await agree_and_sign(await token_of(tenant))
    await timers.retry_seals(TIMER)
    assert len(await seal_jobs(tenant)) == 1  # its own deliveries may still help
    now.move(hours=1, seconds=1)
    for _ in range(2):
        await timers.retry_seals(TIMER)

    jobs = await seal_jobs(tenant)
    assert len({job.id for job in jobs}) == 2
    stored = await esignature().envelopes.get(tenant, envelope_id)
    now.move(hours=-1, seconds=-1)  # the authority's clock did not move with ours
    for job in jobs:
        await events.seal(message(job))
    assert (await read(tenant, envelope_id))["status"] == "completed"
    now.move(hours=3)
    await timers.retry_seals(TIMER)
    assert len(await seal_jobs(tenant)) == 2
    assert await esignature().timekeeping._ask_again(stored) is False


async def test_two_first_sendings_of_a_tenant_note_it_once(tenant: str) -> None:
    from functions.esignature.wiring import assembled

    clock = MovedClock()
    parts = [assembled(clock), assembled(clock)]
    await asyncio.gather(*(each.timekeeping._tenants.note(tenant) for each in parts))
    noted = await parts[0].timekeeping._tenants.all()
    assert noted.count(tenant) == 1


async def test_a_job_for_what_does_not_exist_is_left_for_the_dead_letters(tenant: str) -> None:
    from shared.errors import Missing

    job = SealEnvelope(tenant_id=tenant, at=MovedClock()(), envelope_id="none")
    with pytest.raises(Missing):
        await events.seal(message(job))
