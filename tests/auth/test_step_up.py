"""What is sensitive is done by somebody who has just proven who they are, with all they have."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any

import pytest

from functions.auth import wiring
from functions.auth.api import factors, passkeys
from functions.auth.domain.user import USERS
from shared.contracts.auth import Notice, SecretMail, SecurityNoticed
from shared.identity.kinds import FACTOR_RESET
from shared.identity.permissions import Role
from shared.identity.verifying import tokens as signed
from shared.identity.verifying import verifier
from shared.platform import clock
from tests.auth.authenticator import Authenticator
from tests.auth.factors import (
    again,
    begin,
    codes_sent,
    confirm,
    listed,
    someone,
    verify,
    with_app,
    with_passkey,
)
from tests.auth.frozen import Frozen, frozen
from tests.auth.people import PASSWORD, bearer, create, log_in, me, refresh
from tests.support.http import Answer, call, somebody
from tests.support.messages import told_by


@pytest.fixture
def time(records: None) -> Generator[Frozen]:
    with frozen() as clock_:
        yield clock_


async def rename(tokens: Answer, factor_id: str, name: str = "Work phone") -> Answer:
    headers = bearer(tokens)
    body = {"name": name}
    return await call(factors.rename, body, method="PATCH", headers=headers, factor_id=factor_id)


async def remove(tokens: Answer, factor_id: str) -> Answer:
    return await call(factors.remove, method="DELETE", headers=bearer(tokens), factor_id=factor_id)


async def test_a_password_renews_a_login_of_who_has_no_factor(tenant: str, time: Frozen) -> None:
    ann = await someone(tenant)
    time.move(timedelta(minutes=5))
    renewed = await again(ann.tokens, password=PASSWORD)

    assert renewed.status == 200
    assert (await verifier()(bearer(renewed)["authorization"])).authenticated_at == time.at
    assert (await refresh(ann.tokens)).code == "session-ended"
    assert (await refresh(renewed)).status == 200


@pytest.mark.parametrize("proof", [{"password": "wrong"}, {}, {"factor_id": "f", "code": "1"}])
async def test_nothing_less_renews_it(tenant: str, time: Frozen, proof: dict[str, str]) -> None:
    ann = await someone(tenant)
    assert (await again(ann.tokens, **proof)).code == "login-failed"
    assert (await refresh(ann.tokens)).status == 200


async def test_guessing_here_locks_as_it_does_at_login(tenant: str, time: Frozen) -> None:
    ann = await someone(tenant)
    for _ in range(5):
        await again(ann.tokens, password="wrong horse battery")
    assert (await again(ann.tokens, password=PASSWORD)).code == "login-failed"
    assert (await log_in(tenant)).code == "login-failed"


@pytest.mark.parametrize("with_password", [False, True])
async def test_who_has_a_factor_renews_with_it(
    tenant: str, time: Frozen, with_password: bool
) -> None:
    ann = await with_app(tenant, time)
    known: dict[str, Any] = {"password": PASSWORD} if with_password else {}
    demanded = await again(ann.tokens, **known)
    assert demanded.code == "mfa-required"
    proof = {"factor_id": ann.factor_id, "code": ann.code(time)}
    token = demanded.json["challenge_token"]
    renewed = await again(ann.tokens, challenge_token=token, **proof)

    assert renewed.status == 200
    assert (await verifier()(bearer(renewed)["authorization"])).assurance == "aal2"
    time.move()
    repeated = {**proof, "code": ann.code(time), "challenge_token": token}
    assert (await again(ann.tokens, **repeated)).code == "challenge-ended"


async def test_a_challenge_of_another_login_renews_nothing(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    demanded = (await again(ann.tokens)).json["challenge_token"]
    first = await again(ann.tokens, factor_id=ann.factor_id, code=ann.code(time))
    time.move()
    at_login = (await log_in(tenant)).json["challenge_token"]
    for token in (demanded, at_login, "a.b.c"):
        proof = {"challenge_token": token, "factor_id": ann.factor_id, "code": ann.code(time)}
        assert (await again(first, **proof)).code == "challenge-ended"
    proof = {"challenge_token": demanded, "factor_id": ann.factor_id, "code": ann.code(time)}
    refused = await verify(demanded, ann.factor_id, code=ann.code(time))
    assert refused.code == "challenge-ended"


async def test_a_passkey_alone_renews(tenant: str, time: Frozen) -> None:
    key = Authenticator()
    ann = await with_passkey(tenant, key)
    asked = (await call(passkeys.ask, {"tenant_id": tenant})).json
    proof = {
        "challenge_token": asked["challenge_token"],
        "credential": key.get(asked["options"]),
    }
    renewed = await again(ann.tokens, **proof)
    assert renewed.status == 200

    key.verifies = False
    asked = (await call(passkeys.ask, {"tenant_id": tenant})).json
    proof = {"challenge_token": asked["challenge_token"], "credential": key.get(asked["options"])}
    assert (await again(renewed, **proof)).code == "mfa-failed"


async def test_an_old_login_changes_no_factor(tenant: str, time: Frozen) -> None:
    time.move(timedelta(minutes=-5))
    ann = await someone(tenant)
    for refused in (
        await begin(ann.tokens, "totp"),
        await confirm(ann.tokens, "f", code="123456"),
        await rename(ann.tokens, "f"),
        await remove(ann.tokens, "f"),
        await call(factors.make_recovery_codes, headers=bearer(ann.tokens)),
    ):
        assert (refused.status, refused.code) == (401, "step-up-required")
        assert 'max_age="600"' in refused.headers["WWW-Authenticate"]


async def test_a_login_without_a_factor_changes_none_where_there_is_one(
    tenant: str, time: Frozen
) -> None:
    ann = await with_app(tenant, time)
    for refused in (
        await begin(ann.tokens, "totp"),
        await rename(ann.tokens, ann.factor_id),
        await remove(ann.tokens, ann.factor_id),
        await call(factors.make_recovery_codes, headers=bearer(ann.tokens)),
    ):
        assert (refused.code, refused.json["acr_values"]) == ("step-up-required", "aal2")
    assert (await me(ann.tokens)).status == 200


async def test_factors_are_renamed_and_removed(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    tokens = await again(ann.tokens, factor_id=ann.factor_id, code=ann.code(time))
    elsewhere_token = (await log_in(tenant)).json["challenge_token"]
    time.move()
    elsewhere = await verify(elsewhere_token, ann.factor_id, code=ann.code(time))
    renamed = await rename(tokens, ann.factor_id)
    assert [item["name"] for item in renamed.json["items"]] == ["Work phone", "Recovery codes"]
    assert (await rename(tokens, "nothing")).status == 404
    assert (await remove(tokens, "nothing")).status == 404

    assert (await remove(tokens, ann.factor_id)).status == 204
    assert (await refresh(elsewhere)).code == "session-ended"
    assert (await refresh(tokens)).status == 200
    assert (await log_in(tenant)).status == 200


async def test_an_administrator_sees_factors_and_chooses_none(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    whose = ann.user.json["id"]
    admin, driver = somebody(tenant), somebody(tenant, Role.DRIVER)
    seen = await call(factors.list_of_user, method="GET", caller=admin, user_id=whose)
    assert [item["kind"] for item in seen.json["items"]] == ["totp", "recovery"]
    assert ann.secret not in seen.body.decode()
    assert seen.json["items"] == await listed(ann.tokens)
    for function in (factors.list_of_user, factors.start_reset):
        refused = await call(function, caller=driver, user_id=whose)
        assert refused.code == "forbidden"


async def started(tenant: str, user_id: str) -> str:
    """The token of the link that the owner is sent."""
    answer = await call(factors.start_reset, caller=somebody(tenant), user_id=user_id)
    assert (answer.status, answer.body) == (202, b"")
    letter = (await codes_sent(tenant))[-1]
    assert (letter.channel, letter.template) == ("email", SecretMail.FACTOR_RESET)
    return letter.values["link"].partition("#token=")[2]


async def complete(token: str, password: str = PASSWORD) -> Answer:
    return await call(factors.complete_reset, {"token": token, "password": password})


async def test_who_lost_all_factors_removes_them_with_link_and_password(
    tenant: str, time: Frozen
) -> None:
    ann = await with_app(tenant, time)
    token = await started(tenant, ann.user.json["id"])
    assert (await log_in(tenant)).code == "mfa-required"
    assert (await complete(token, "wrong horse battery")).code == "login-failed"
    assert (await complete(token)).status == 204

    assert (await log_in(tenant)).status == 200
    assert (await refresh(ann.tokens)).code == "session-ended"
    assert (await complete(token)).code == "challenge-ended"
    told = [
        SecurityNoticed.model_validate(e) for e in await told_by("auth", tenant, SecurityNoticed)
    ]
    assert (told[-1].notice, told[-1].details) == (Notice.FACTOR_REMOVED, {"kind": "all"})
    stored = await wiring.users().get(tenant, ann.user.json["id"], USERS)
    assert stored.document.factor_secrets == {}


async def test_the_latest_link_counts_and_for_an_hour(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    first = await started(tenant, ann.user.json["id"])
    second = await started(tenant, ann.user.json["id"])
    assert (await complete(first)).code == "challenge-ended"
    time.move(timedelta(hours=1, seconds=10))
    assert (await complete(second)).code == "challenge-ended"
    assert (await complete("a.b.c")).code == "challenge-ended"
    assert (await log_in(tenant)).code == "mfa-required"


async def test_there_is_nothing_to_reset_of_who_has_no_factor(tenant: str, time: Frozen) -> None:
    bea = await create(tenant, "bea@example.com")
    admin = somebody(tenant)
    refused = await call(factors.start_reset, caller=admin, user_id=bea.json["id"])
    assert (refused.status, refused.code) == (409, "no-factor")
    assert (await call(factors.start_reset, caller=admin, user_id="nobody")).status == 404

    claims = {"sub": bea.json["id"], "tenant_id": tenant, "jti": ""}
    empty = await signed().issue(FACTOR_RESET, clock.now(), claims)
    assert (await complete(empty)).code == "challenge-ended"
