"""Passkeys, with an authenticator in software: second factor, and login without a password."""

import json
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.auth.api import factors, passkeys
from functions.auth.domain.factors import PasskeySecret
from functions.auth.domain.guessing import OF_ADDRESS
from functions.auth.repository.passkeys import Passkeys
from shared.identity.verifying import verifier
from tests.auth.authenticator import Authenticator, content, text
from tests.auth.counting import counted
from tests.auth.factors import Person, again, ask, begin, confirm, listed, someone, verify
from tests.auth.factors import with_passkey as enrolled
from tests.auth.frozen import Frozen, frozen
from tests.auth.people import bearer, change, create, log_in
from tests.support.http import Answer, call

SITE = Passkeys("http://127.0.0.1:7071")


@pytest.fixture
def time(records: None) -> Generator[Frozen]:
    with frozen() as clock:
        yield clock


async def options_of(tenant: str) -> Any:
    return (await call(passkeys.ask, {"tenant_id": tenant})).json


async def by_passkey(asked: Any, credential: dict[str, Any], **headers: str) -> Answer:
    body = {"challenge_token": asked["challenge_token"], "credential": credential}
    return await call(passkeys.log_in, body, headers=headers)


async def half(tenant: str, factor_id: str) -> tuple[str, Any]:
    """The challenge token of a login, and what the browser is asked."""
    token = (await log_in(tenant)).json["challenge_token"]
    return token, (await ask(token, factor_id)).json["options"]


async def test_a_passkey_is_a_second_factor(tenant: str, time: Frozen) -> None:
    key = Authenticator(verifies=False)
    ann = await enrolled(tenant, key)
    assert len(ann.recovery_codes) == 10
    token, options = await half(tenant, ann.factor_id)

    assert len(content(options["challenge"])) * 8 == 256
    assert options["rpId"] == "localhost"
    assert [each["id"] for each in options["allowCredentials"]] == [text(key.credential_id)]
    assert options["allowCredentials"][0]["transports"] == ["internal"]
    tokens = await verify(token, ann.factor_id, credential=key.get(options))
    assert tokens.status == 200
    assert (await verifier()(bearer(tokens)["authorization"])).assurance == "aal2"


async def test_what_a_browser_is_told_of_a_new_one(tenant: str, time: Frozen) -> None:
    ann = await enrolled(tenant, Authenticator())
    token, options = await half(tenant, ann.factor_id)
    assert token
    tokens = await by_recovery_code(ann)
    begun = await begin(tokens, "webauthn")
    wanted = begun.json["options"]

    assert wanted["rp"] == {"id": "localhost", "name": "CollabAzure"}
    assert content(wanted["user"]["id"]).decode() == ann.user.json["id"]
    assert wanted["attestation"] == "none"
    assert wanted["excludeCredentials"][0]["id"] == options["allowCredentials"][0]["id"]
    assert len(content(wanted["challenge"])) * 8 == 256
    assert begun.json["secret"] is None


async def by_recovery_code(ann: Person) -> Answer:
    """Whoever has only just enrolled has yet to prove a factor."""
    recovery = next(item["id"] for item in await listed(ann.tokens) if item["kind"] == "recovery")
    tokens = await again(ann.tokens, factor_id=recovery, code=ann.recovery_codes[0])
    assert tokens.status == 200
    return tokens


async def test_a_passkey_alone_logs_in_where_its_user_was_verified(
    tenant: str, time: Frozen
) -> None:
    key = Authenticator()
    ann = await enrolled(tenant, key)
    asked = await options_of(tenant)
    assert asked["options"]["userVerification"] == "required"
    assert asked["options"].get("allowCredentials", []) == []
    tokens = await by_passkey(asked, key.get(asked["options"]))

    assert tokens.status == 200
    caller = await verifier()(bearer(tokens)["authorization"])
    assert (caller.id, caller.assurance) == (ann.user.json["id"], "aal2")

    key.verifies = False
    asked = await options_of(tenant)
    refused = await by_passkey(asked, key.get(asked["options"]))
    assert (refused.status, refused.code) == (401, "mfa-failed")


async def test_a_challenge_of_a_passkey_is_answered_once(tenant: str, time: Frozen) -> None:
    key = Authenticator(counts=False)
    ann = await enrolled(tenant, key)
    asked = await options_of(tenant)
    credential = key.get(asked["options"])
    assert (await by_passkey(asked, credential)).status == 200
    assert (await by_passkey(asked, credential)).code == "challenge-ended"

    token, options = await half(tenant, ann.factor_id)
    credential = key.get(options)
    assert (await verify(token, ann.factor_id, credential=credential)).status == 200
    assert (await verify(token, ann.factor_id, credential=credential)).code == "challenge-ended"


async def test_an_answer_holds_for_its_own_challenge_alone(tenant: str, time: Frozen) -> None:
    key = Authenticator()
    ann = await enrolled(tenant, key)
    token, _ = await half(tenant, ann.factor_id)
    other, options = await half(tenant, ann.factor_id)
    assert (await verify(token, ann.factor_id, credential=key.get(options))).code == "mfa-failed"

    asked = await options_of(tenant)
    crossed = {**asked, "challenge_token": other}
    assert (await by_passkey(crossed, key.get(asked["options"]))).code == "challenge-ended"
    refused = await verify(asked["challenge_token"], ann.factor_id, credential=key.get(options))
    assert refused.code == "challenge-ended"


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://collab.example.evil"},
        {"site": "evil.example"},
        {"credential_id": b"another"},
    ],
)
async def test_what_another_site_or_key_signs_is_refused(
    tenant: str, time: Frozen, wrong: dict[str, Any]
) -> None:
    key = Authenticator()
    ann = await enrolled(tenant, key)
    token, options = await half(tenant, ann.factor_id)
    for name, value in wrong.items():
        setattr(key, name, value)
    refused = await verify(token, ann.factor_id, credential=key.get(options))
    assert refused.code == "mfa-failed"
    assert (await verify(token, ann.factor_id)).code == "mfa-failed"


async def test_another_private_key_is_refused(tenant: str, time: Frozen) -> None:
    key, thief = Authenticator(), Authenticator()
    await enrolled(tenant, key)
    asked = await options_of(tenant)
    thief.credential_id, thief.site = key.credential_id, key.site
    thief.user_handle = key.user_handle
    assert (await by_passkey(asked, thief.get(asked["options"]))).code == "mfa-failed"


async def test_a_copy_whose_count_does_not_grow_is_refused(tenant: str, time: Frozen) -> None:
    key = Authenticator()
    await enrolled(tenant, key)
    for signed, status in ((6, 200), (6, 401), (3, 401), (7, 200)):
        key.signed = signed - 1
        asked = await options_of(tenant)
        assert (await by_passkey(asked, key.get(asked["options"]))).status == status


@pytest.mark.parametrize("handle", [b"", b"nobody", b"\xff\xfe", b"u" * 64])
async def test_a_passkey_of_nobody_is_refused(tenant: str, time: Frozen, handle: bytes) -> None:
    key = Authenticator()
    await enrolled(tenant, key)
    key.user_handle = handle
    asked = await options_of(tenant)
    assert (await by_passkey(asked, key.get(asked["options"]))).code == "mfa-failed"


async def test_a_passkey_opens_its_own_tenant_alone(tenant: str, time: Frozen) -> None:
    key = Authenticator()
    await enrolled(tenant, key)
    asked = await options_of(f"{tenant}-2")
    assert (await by_passkey(asked, key.get(asked["options"]))).code == "mfa-failed"


async def test_a_disabled_user_has_no_passkey(tenant: str, time: Frozen) -> None:
    key = Authenticator()
    ann = await enrolled(tenant, key)
    await change(tenant, ann.user, active=False)
    asked = await options_of(tenant)
    assert (await by_passkey(asked, key.get(asked["options"]))).code == "mfa-failed"


async def test_guessed_passwords_do_not_lock_a_passkey_out(tenant: str, time: Frozen) -> None:
    key = Authenticator()
    await enrolled(tenant, key)
    for _ in range(6):
        await log_in(tenant, password="wrong horse battery")
    asked = await options_of(tenant)
    assert (await by_passkey(asked, key.get(asked["options"]))).status == 200


async def test_an_address_that_tries_too_much_is_locked_for_passkeys(
    tenant: str, time: Frozen
) -> None:
    key = Authenticator()
    await enrolled(tenant, key)
    here = {"x-forwarded-for": "203.0.113.7:443"}
    for number in range(OF_ADDRESS.most_failures):
        key.user_handle = f"nobody-{number}".encode()
        asked = await options_of(tenant)
        await by_passkey(asked, key.get(asked["options"]), **here)
    key.user_handle = (await create(tenant, "bea@example.com")).json["id"].encode()
    asked = await options_of(tenant)
    assert (await by_passkey(asked, key.get(asked["options"]), **here)).code == "mfa-failed"


async def test_a_registration_must_answer_its_own_challenge(tenant: str, time: Frozen) -> None:
    ann = await someone(tenant)
    begun = [(await begin(ann.tokens, "webauthn")).json for _ in range(2)]
    credential = Authenticator().create(begun[0]["options"])
    for refused in (
        await confirm(ann.tokens, begun[1]["id"], credential=credential),
        await confirm(ann.tokens, begun[0]["id"], code="123456"),
        await confirm(ann.tokens, begun[0]["id"], credential={"id": 1}),
        await confirm(
            ann.tokens,
            begun[0]["id"],
            credential=Authenticator(origin="https://evil.example").create(begun[0]["options"]),
        ),
    ):
        assert refused.code == "factor-not-confirmed"
    assert (await confirm(ann.tokens, begun[0]["id"], credential=credential)).status == 200
    repeated = await confirm(ann.tokens, begun[0]["id"], credential=credential)
    assert repeated.status == 401  # by now a factor is asked for
    assert repeated.json["acr_values"] == "aal2"


async def test_one_of_several_is_lost_and_removed(tenant: str, time: Frozen) -> None:
    first, second = Authenticator(), Authenticator()
    ann = await enrolled(tenant, first)
    asked = await options_of(tenant)
    tokens = await by_passkey(asked, first.get(asked["options"]))
    begun = await begin(tokens, "webauthn")
    credential = second.create(begun.json["options"])
    assert (await confirm(tokens, begun.json["id"], credential=credential)).status == 200

    for key in (first, second):
        asked = await options_of(tenant)
        assert (await by_passkey(asked, key.get(asked["options"]))).status == 200
    await call(factors.remove, method="DELETE", headers=bearer(tokens), factor_id=ann.factor_id)
    answers = []
    for key in (first, second):
        asked = await options_of(tenant)
        answers.append(await by_passkey(asked, key.get(asked["options"])))
    assert [answer.status for answer in answers] == [401, 200]


async def test_a_passkey_costs_three_calls_and_no_slow_hash(tenant: str, records: None) -> None:
    with counted() as (cost, _):
        key = Authenticator()
        await enrolled(tenant, key)
        cost.forget()
        asked = await options_of(tenant)
        assert cost.calls == []
        assert (await by_passkey(asked, key.get(asked["options"]))).status == 200
        assert cost.calls == ["query_items", "execute_item_batch", "execute_item_batch"]
        assert cost.hashes == 0


def test_the_site_is_that_of_the_address_where_people_are() -> None:
    site = Passkeys("https://collab.example:8443")
    options = site.request(b"c" * 32, [], alone=True)
    assert options["rpId"] == "collab.example"
    key = Authenticator(origin="https://collab.example:8443")
    secret = site.registered(key.create(site.registration(b"c" * 32, "u-1", "ann", [])), b"c" * 32)
    assert secret is not None
    assert site.asserted(secret, key.get(options), b"c" * 32, alone=True) is not None
    assert SITE.asserted(secret, key.get(options), b"c" * 32, alone=True) is None


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_no_damaged_answer_breaks_or_is_believed(data: st.DataObject) -> None:
    key = Authenticator()
    created = key.create(SITE.registration(b"c" * 32, "u-1", "ann", []))
    secret = SITE.registered(created, b"c" * 32)
    assert secret is not None
    answer = key.get(SITE.request(b"c" * 32, [secret], alone=True))
    whole = json.dumps(answer)
    place = data.draw(st.sampled_from(sorted(answer["response"])))
    junk = st.one_of(
        st.none(), st.integers(), st.text(max_size=40), st.binary(max_size=60).map(text)
    )
    answer["response"][place] = data.draw(junk)
    found = SITE.asserted(secret, answer, b"c" * 32, alone=True)
    assert found is None or place == "userHandle" or json.dumps(answer) == whole
    assert isinstance(SITE.owner(answer), str)
    made = data.draw(st.sampled_from(sorted(created["response"])))
    created["response"][made] = data.draw(junk)
    assert SITE.registered(created, b"c" * 32) is None


@pytest.mark.parametrize("credential", [{}, {"id": 1}, {"id": "x", "response": []}])
def test_what_is_no_credential_is_none(credential: dict[str, Any]) -> None:
    assert SITE.registered(credential, b"c") is None
    assert SITE.owner(credential) == ""
    secret = PasskeySecret(credential_id="x", public_key="x")
    assert SITE.asserted(secret, credential, b"c", alone=False) is None
