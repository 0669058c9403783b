"""Recovery codes: ten, each once, and of no use without a factor that they stand in for."""

from collections.abc import Generator
from hashlib import sha256

import pytest

from functions.auth.api import factors
from functions.auth.domain.proofs import RECOVERY_ALPHABET, recovery_code, recovery_hash
from functions.auth.service.factors import new_recovery_codes
from shared.contracts.auth import Notice, SecurityNoticed
from shared.identity.verifying import verifier
from shared.platform.clients import container
from tests.auth.factors import Person, again, listed, someone, verify, with_app
from tests.auth.frozen import Frozen, frozen
from tests.auth.people import bearer, log_in
from tests.support.http import Answer, call
from tests.support.messages import told_by


@pytest.fixture
def time(records: None) -> Generator[Frozen]:
    with frozen() as clock:
        yield clock


async def notices(tenant: str) -> list[SecurityNoticed]:
    told = await told_by("auth", tenant, SecurityNoticed)
    return [SecurityNoticed.model_validate(body) for body in told]


async def by_code(ann: Person, code: str) -> Answer:
    half = (await log_in(ann.tenant)).json
    recovery = next(each["id"] for each in half["factors"] if each["kind"] == "recovery")
    return await verify(half["challenge_token"], recovery, code=code)


def test_codes_are_random_and_too_long_to_guess() -> None:
    codes = new_recovery_codes() + new_recovery_codes()
    assert len(set(codes)) == 20
    letters = [code.replace("-", "") for code in codes]
    assert {len(each) * 5 for each in letters} == {120}
    assert set("".join(letters)) <= set(RECOVERY_ALPHABET)
    assert len(set("".join(letters))) == 32
    assert recovery_code("ABCDEF" * 4) == "ABCDEF-ABCDEF-ABCDEF-ABCDEF"


def test_a_code_may_be_typed_as_it_looks() -> None:
    plain = sha256(b"0123AB").hexdigest()
    for typed in ("0123AB", "0123-ab", " o l 2 3 a b ", "0I23AB"):
        assert recovery_hash(typed) == plain


async def test_the_first_factor_brings_ten_and_each_works_once(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    assert len(set(ann.recovery_codes)) == 10
    first = await by_code(ann, ann.recovery_codes[0].lower())
    assert first.status == 200
    assert (await verifier()(bearer(first)["authorization"])).assurance == "aal2"
    assert (await by_code(ann, ann.recovery_codes[0])).code == "mfa-failed"
    assert (await by_code(ann, ann.recovery_codes[1])).status == 200

    left = [each["codes_left"] for each in await listed(first)]
    assert left == [None, 8]
    told = [each.notice for each in await notices(tenant)]
    assert told == [Notice.FACTOR_ADDED, Notice.RECOVERY_CODE_USED, Notice.RECOVERY_CODE_USED]


async def test_a_second_factor_brings_no_more(tenant: str, time: Frozen) -> None:
    from tests.auth.factors import begin, confirm

    ann = await with_app(tenant, time)
    tokens = await again(ann.tokens, factor_id=ann.factor_id, code=ann.code(time))
    begun = await begin(tokens, "totp")
    bea = Person(tenant, tokens, ann.user, begun.json["secret"])
    answer = await confirm(tokens, begun.json["id"], code=bea.code(time))
    assert (answer.status, answer.json) == (200, {"recovery_codes": None})


async def test_new_codes_make_the_old_ones_void(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    tokens = await again(ann.tokens, factor_id=ann.factor_id, code=ann.code(time))
    time.move()
    made = await call(factors.make_recovery_codes, headers=bearer(tokens))
    assert len(set(made.json["recovery_codes"]) | set(ann.recovery_codes)) == 20

    assert (await by_code(ann, ann.recovery_codes[0])).code == "mfa-failed"
    assert (await by_code(ann, made.json["recovery_codes"][9])).status == 200
    assert Notice.RECOVERY_CODES_MADE in [each.notice for each in await notices(tenant)]


async def test_there_are_none_without_another_factor(tenant: str, time: Frozen) -> None:
    ann = await someone(tenant)
    refused = await call(factors.make_recovery_codes, headers=bearer(ann.tokens))
    assert (refused.status, refused.code) == (409, "no-factor")


async def test_they_go_with_the_last_factor(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    tokens = await again(ann.tokens, factor_id=ann.factor_id, code=ann.code(time))
    removed = await call(
        factors.remove, method="DELETE", headers=bearer(tokens), factor_id=ann.factor_id
    )
    assert removed.status == 204
    assert await listed(tokens) == []
    assert (await log_in(tenant)).status == 200
    assert [each.notice for each in await notices(tenant)][-1] == Notice.FACTOR_REMOVED


async def test_what_is_kept_tells_no_code_and_the_trail_no_secret(
    tenant: str, time: Frozen
) -> None:
    ann = await with_app(tenant, time)
    await by_code(ann, ann.recovery_codes[0])
    query = "SELECT * FROM c"
    items = container("auth").query_items(query, partition_key=[tenant, "users"])
    kept = [item async for item in items]
    assert all(code not in str(kept) for code in ann.recovery_codes)

    trail = [item for item in kept if item["kind"] == "audit"]
    assert ann.secret not in str(trail)
    assert not any(recovery_hash(code) in str(trail) for code in ann.recovery_codes)
    actions = [item["entry"]["action"] for item in trail]
    assert actions == ["create user", "begin factor", "add factor", "prove factor"]
    told = await told_by("auth", tenant)
    assert ann.secret not in str(told)
