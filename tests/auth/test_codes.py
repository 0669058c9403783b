"""Codes by SMS and e-mail: ten minutes, once, for the login that asked for them."""

from collections.abc import Generator
from datetime import timedelta

import pytest

from functions.auth import wiring
from functions.auth.domain.user import USERS
from shared.contracts.auth import SecretMail
from shared.identity.verifying import verifier
from shared.platform.clients import container
from tests.auth.counting import counted
from tests.auth.factors import (
    Person,
    again,
    ask,
    begin,
    codes_sent,
    confirm,
    listed,
    someone,
    verify,
    with_app,
)
from tests.auth.frozen import Frozen, frozen
from tests.auth.people import bearer, change, log_in
from tests.support.http import Answer

PHONE = "+4930901820"


@pytest.fixture
def time(records: None) -> Generator[Frozen]:
    with frozen() as clock:
        yield clock


async def with_phone(tenant: str, time: Frozen) -> Person:
    """Whose phone is known to be theirs."""
    ann = await someone(tenant, phone=PHONE)
    stored = await wiring.users().get(tenant, ann.user.json["id"], USERS)
    verified = stored.document.model_copy(update={"phone_verified_at": time.at})
    await wiring.users().save(stored.now(verified), "verify phone")
    return ann


async def enrolled(tenant: str, time: Frozen, kind: str) -> Person:
    ann = await with_phone(tenant, time)
    begun = await begin(ann.tokens, kind)
    assert begun.status == 201, begun.json
    ann.factor_id = begun.json["id"]
    sent = (await codes_sent(tenant))[-1]
    answer = await confirm(ann.tokens, ann.factor_id, code=sent.values["code"])
    ann.recovery_codes = answer.json["recovery_codes"]
    time.move(timedelta(seconds=31))
    return ann


async def asked(ann: Person) -> tuple[str, str]:
    """A challenge token, and the code that was sent for it."""
    token = (await log_in(ann.tenant)).json["challenge_token"]
    answer = await ask(token, ann.factor_id)
    assert (answer.status, answer.body) == (202, b"")
    return token, (await codes_sent(ann.tenant))[-1].values["code"]


@pytest.mark.parametrize(
    ("kind", "channel", "to", "assurance"),
    [("sms", "sms", PHONE, "aal2"), ("email", "email", "ann@example.com", "aal1")],
)
async def test_a_code_that_was_sent_is_a_second_factor(
    tenant: str, time: Frozen, kind: str, channel: str, to: str, assurance: str
) -> None:
    ann = await enrolled(tenant, time, kind)
    token, code = await asked(ann)
    sent = (await codes_sent(tenant))[-1]
    assert (sent.channel, sent.to, sent.template) == (channel, to, SecretMail.LOGIN_CODE)
    assert sent.expires_at == sent.at + timedelta(minutes=10)
    assert len(code) == 6
    assert code.isdecimal()

    tokens = await verify(token, ann.factor_id, code=f"{code[:3]} {code[3:]}")
    assert tokens.status == 200
    assert (await verifier()(bearer(tokens)["authorization"])).assurance == assurance


async def test_a_code_works_once_and_for_its_own_login(tenant: str, time: Frozen) -> None:
    ann = await enrolled(tenant, time, "sms")
    other = (await log_in(tenant)).json["challenge_token"]
    token, code = await asked(ann)

    assert (await verify(other, ann.factor_id, code=code)).code == "mfa-failed"
    assert (await verify(token, ann.factor_id, code=code)).status == 200
    assert (await verify(other, ann.factor_id, code=code)).code == "mfa-failed"
    assert (await verify(token, ann.factor_id, code=code)).code == "mfa-failed"


async def test_a_later_code_makes_the_earlier_void(tenant: str, time: Frozen) -> None:
    ann = await enrolled(tenant, time, "sms")
    token, first = await asked(ann)
    time.move(timedelta(seconds=31))
    await ask(token, ann.factor_id)
    second = (await codes_sent(tenant))[-1].values["code"]
    if first != second:
        assert (await verify(token, ann.factor_id, code=first)).code == "mfa-failed"
    assert (await verify(token, ann.factor_id, code=second)).status == 200


async def test_a_code_lives_ten_minutes(tenant: str, time: Frozen) -> None:
    ann = await someone(tenant)
    begun = await begin(ann.tokens, "email")
    code = (await codes_sent(tenant))[-1].values["code"]
    time.move(timedelta(minutes=10))
    assert (await confirm(ann.tokens, begun.json["id"], code=code)).status == 404


async def test_codes_are_not_sent_one_after_the_other(tenant: str, time: Frozen) -> None:
    ann = await enrolled(tenant, time, "sms")
    token, _ = await asked(ann)
    refused = await ask(token, ann.factor_id)
    assert (refused.status, refused.code) == (429, "codes-too-often")
    assert int(refused.headers["Retry-After"]) == 31

    answers: list[Answer] = []
    for _ in range(4):
        time.move(timedelta(seconds=31))
        answers.append(await ask(token, ann.factor_id))
    assert [answer.status for answer in answers] == [202, 202, 202, 429]
    assert 3000 < int(answers[-1].headers["Retry-After"]) < 3600
    assert len(await codes_sent(tenant)) == 5


async def test_codes_go_to_a_phone_that_is_proven_to_be_theirs(tenant: str, time: Frozen) -> None:
    ann = await someone(tenant)
    refused = await begin(ann.tokens, "sms")
    assert (refused.status, refused.code) == (409, "phone-not-verified")
    assert (await begin(ann.tokens, "sms", phone=PHONE)).code == "phone-not-verified"
    await change(tenant, ann.user, phone=PHONE)
    assert (await begin(ann.tokens, "sms", phone=PHONE)).code == "phone-not-verified"
    assert await codes_sent(tenant) == []


async def test_codes_go_to_no_other_phone(tenant: str, time: Frozen) -> None:
    ann = await with_phone(tenant, time)
    assert (await begin(ann.tokens, "sms", phone="+4930901821")).code == "phone-not-verified"
    assert (await begin(ann.tokens, "sms", phone=PHONE)).status == 201


async def test_no_code_is_sent_for_what_is_not_there(tenant: str, time: Frozen) -> None:
    ann = await enrolled(tenant, time, "email")
    recovery = next(item["id"] for item in await listed(ann.tokens) if item["kind"] == "recovery")
    token = (await log_in(tenant)).json["challenge_token"]
    assert (await ask(token, "nothing")).status == 404
    assert (await ask("a.b.c", ann.factor_id)).code == "challenge-ended"
    nothing = await ask(token, recovery)
    assert (nothing.status, nothing.json) == (200, {"options": None})

    await change(tenant, ann.user, active=False)
    assert (await ask(token, ann.factor_id)).code == "challenge-ended"


async def test_wrong_codes_lock(tenant: str, time: Frozen) -> None:
    ann = await enrolled(tenant, time, "sms")
    token, code = await asked(ann)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(5):
        assert (await verify(token, ann.factor_id, code=wrong)).code == "mfa-failed"
    assert (await verify(token, ann.factor_id, code=code)).code == "mfa-failed"


async def test_a_mailbox_alone_proves_nothing(tenant: str, time: Frozen) -> None:
    ann = await enrolled(tenant, time, "email")
    demanded = await again(ann.tokens)
    assert demanded.code == "mfa-required"
    assert [each["kind"] for each in demanded.json["factors"]] == ["recovery"]
    assert (await ask(demanded.json["challenge_token"], ann.factor_id)).status == 404
    assert await codes_sent(tenant)
    refused = await verify_again(ann, demanded, "123456")
    assert refused.code == "mfa-failed"

    from tests.auth.people import PASSWORD

    demanded = await again(ann.tokens, password=PASSWORD)
    assert {each["kind"] for each in demanded.json["factors"]} == {"email", "recovery"}
    assert (await ask(demanded.json["challenge_token"], ann.factor_id)).status == 202
    code = (await codes_sent(tenant))[-1].values["code"]
    tokens = await verify_again(ann, demanded, code)
    assert tokens.status == 200
    assert (await verifier()(bearer(tokens)["authorization"])).assurance == "aal1"


async def verify_again(ann: Person, demanded: Answer, code: str) -> Answer:
    token = demanded.json["challenge_token"]
    return await again(ann.tokens, challenge_token=token, factor_id=ann.factor_id, code=code)


async def test_what_is_kept_of_a_code_is_a_slow_hash(tenant: str, time: Frozen) -> None:
    ann = await enrolled(tenant, time, "sms")
    await asked(ann)
    stored = await wiring.users().get(tenant, ann.user.json["id"], USERS)
    kept = stored.document.factor_secrets[ann.factor_id].model_dump()
    assert kept["code"]["hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_code_waits_no_longer_to_be_sent_than_it_lives(tenant: str, time: Frozen) -> None:
    await enrolled(tenant, time, "sms")
    query = "SELECT * FROM c WHERE c.kind = 'outbox' AND c.type = 'auth.secret-mail-wanted.v1'"
    items = container("auth").query_items(query, partition_key=[tenant, "users"])
    assert [item["ttl"] async for item in items] == [600]


async def test_an_app_is_offered_beside_the_phone(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    token = (await log_in(tenant)).json["challenge_token"]
    assert (await ask(token, ann.factor_id)).json == {"options": None}


async def test_who_has_but_a_mailbox_adds_something_better(tenant: str, time: Frozen) -> None:
    ann = await enrolled(tenant, time, "email")
    begun = await begin(ann.tokens, "totp")
    ann.secret = begun.json["secret"]
    assert (await confirm(ann.tokens, begun.json["id"], code=ann.code(time))).status == 200
    assert (await begin(ann.tokens, "totp")).code == "step-up-required"


async def test_a_code_costs_one_slow_hash_and_three_calls(tenant: str, records: None) -> None:
    with counted() as (cost, time):
        ann = await enrolled(tenant, time, "email")
        token = (await log_in(tenant)).json["challenge_token"]
        cost.forget()
        assert (await ask(token, ann.factor_id)).status == 202
        assert (cost.calls, cost.hashes) == (["read_item", "execute_item_batch"], 1)
        code = (await codes_sent(tenant))[-1].values["code"]
        cost.forget()
        assert (await verify(token, ann.factor_id, code=code)).status == 200
        assert cost.calls == ["query_items", "execute_item_batch", "execute_item_batch"]
        assert cost.hashes == 1
