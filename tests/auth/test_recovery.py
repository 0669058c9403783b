"""Getting back in without the password, and everybody who must not."""

import asyncio
from collections.abc import Generator
from datetime import timedelta

import pytest

from functions.auth import wiring
from functions.auth.api import logins, recovery, users
from functions.auth.domain.challenge import Purpose
from functions.auth.domain.refusals import MfaRequired
from functions.auth.domain.user import USERS
from functions.auth.service.ports import Client
from shared.contracts.auth import Notice, SecretMail
from shared.identity.kinds import RESET, VERIFICATION
from shared.identity.permissions import Role
from shared.identity.verifying import tokens
from shared.platform.clients import container
from tests.auth.counting import counted
from tests.auth.factors import with_app
from tests.auth.frozen import Frozen, frozen
from tests.auth.letters import letters, noticed, notices, token_to
from tests.auth.people import PASSWORD, bearer, change, create, log_in, me, refresh
from tests.support.http import Answer, call, somebody

NEW = "a wholly new password"
SECOND = "another wholly new one"
pytestmark = pytest.mark.usefixtures("records")


@pytest.fixture
def time(records: None) -> Generator[Frozen]:
    with frozen() as clock:
        yield clock


async def ask(tenant: str, email: str = "ann@example.com") -> Answer:
    return await call(recovery.ask_reset, {"email": email, "tenant_id": tenant})


async def complete(token: str, password: str = NEW, **more: object) -> Answer:
    return await call(recovery.complete_reset, {"token": token, "new_password": password, **more})


async def asked_by(tenant: str) -> str:
    assert (await ask(tenant)).status == 202
    return await token_to(tenant)


async def test_a_link_replaces_a_forgotten_password_and_ends_all_logins(tenant: str) -> None:
    await create(tenant)
    here = await log_in(tenant)
    token = await asked_by(tenant)
    assert (await me(here)).status == 200, "asking alone ends nothing"

    assert (await complete(token)).status == 204
    assert (await refresh(here)).code == "session-ended"
    assert (await log_in(tenant)).code == "login-failed"
    there = await log_in(tenant, password=NEW)
    assert there.status == 200
    assert await noticed(tenant) == [Notice.PASSWORD_RESET]
    mine = await call(users.read_me, method="GET", headers=bearer(there))
    assert mine.json["email_verified"] is True


async def test_tokens_of_before_a_reset_are_refused_with_the_save(tenant: str) -> None:
    """The revocation is in the same batch: nothing depends on what comes after it."""
    created = await create(tenant)
    await complete(await asked_by(tenant))
    revoked = await container("auth").read_item(
        f"revocation:user:{created.json['id']}", [tenant, USERS]
    )
    assert revoked["least_version"] == 2


async def test_a_link_works_once(tenant: str) -> None:
    await create(tenant)
    token = await asked_by(tenant)
    assert (await complete(token)).status == 204

    again = await complete(token, SECOND)
    assert (again.status, again.code) == (401, "link-ended")
    assert (await log_in(tenant, password=SECOND)).code == "login-failed"


async def test_of_two_who_follow_a_link_at_once_one_wins(tenant: str) -> None:
    await create(tenant)
    token = await asked_by(tenant)
    answers = await asyncio.gather(complete(token), complete(token, SECOND))

    assert sorted(answer.status for answer in answers) == [204, 401]
    winner = NEW if answers[0].status == 204 else SECOND
    assert (await log_in(tenant, password=winner)).status == 200
    assert await noticed(tenant) == [Notice.PASSWORD_RESET]


async def test_a_link_lives_ten_minutes(tenant: str, time: Frozen) -> None:
    await create(tenant)
    token = await asked_by(tenant)
    letter = (await letters(tenant))[-1]
    assert letter.ends_at - letter.at == timedelta(minutes=10)
    outbox = await container("auth").read_item(f"outbox:{letter.id}", [tenant, USERS])
    assert outbox["ttl"] == 600, "the secret is not kept longer than it is of use"

    time.move(timedelta(minutes=10, seconds=1))
    assert (await complete(token)).code == "link-ended"
    time.move(timedelta(minutes=-2))
    assert (await complete(token)).status == 204


async def test_only_the_newest_link_works(tenant: str, time: Frozen) -> None:
    await create(tenant)
    first = await asked_by(tenant)
    time.move(timedelta(minutes=2))
    second = await asked_by(tenant)

    assert (await complete(first)).code == "link-ended"
    assert (await complete(second)).status == 204


async def test_nobodys_mailbox_is_filled(tenant: str) -> None:
    await create(tenant)
    answers = [await ask(tenant) for _ in range(3)]
    answers += await asyncio.gather(*(ask(tenant, "bob@example.com") for _ in range(3)))
    assert {answer.status for answer in answers} == {202}
    assert [letter.template for letter in await letters(tenant)] == [SecretMail.PASSWORD_RESET]


@pytest.mark.parametrize("email", ["nobody@example.com", "no address", "bob@example.com"])
async def test_unknown_and_disabled_are_told_the_same_and_sent_nothing(
    tenant: str, email: str
) -> None:
    await create(tenant)
    bob = await create(tenant, "bob@example.com")
    await change(tenant, bob, active=False)
    known, unknown = await ask(tenant), await ask(tenant, email)

    assert (known.status, known.body) == (unknown.status, unknown.body) == (202, b"")
    told = {"X-Correlation-Id"}
    assert known.headers.keys() - told == unknown.headers.keys() - told
    assert [letter.to for letter in await letters(tenant)] == ["ann@example.com"]


async def test_known_and_unknown_cost_the_same_calls(tenant: str) -> None:
    await create(tenant)
    costs = []
    with counted() as (cost, _):
        for email in ("ann@example.com", "nobody@example.com"):
            cost.forget()
            await ask(tenant, email)
            costs.append((cost.calls, cost.hashes))
    assert costs == [(["query_items", "execute_item_batch"], 0)] * 2


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 100])
async def test_a_made_up_token_is_refused(tenant: str, token: str) -> None:
    assert (await complete(token)).code == "link-ended"


async def test_tokens_of_other_kinds_and_links_are_refused(tenant: str) -> None:
    created = await create(tenant)
    claims = {"sub": created.json["id"], "tenant_id": tenant, "jti": "x"}
    at = wiring.now()()
    for kind, more in (
        (VERIFICATION, {"link": "x"}),
        (RESET, {}),
        (RESET, {"link": "link:reset:unknown"}),
        (RESET, {"link": created.json["id"]}),
    ):
        token = await tokens().issue(kind, at, {**claims, **more})
        assert (await complete(token)).code == "link-ended"


async def test_a_weak_password_is_refused_and_the_link_still_works(tenant: str) -> None:
    await create(tenant)
    token = await asked_by(tenant)
    assert (await complete(token, "too short")).code == "weak-password"
    assert (await complete(token)).status == 204


async def test_a_changed_password_or_a_disabled_user_ends_the_link(tenant: str) -> None:
    await create(tenant)
    bob = await create(tenant, "bob@example.com")
    token = await asked_by(tenant)
    await ask(tenant, "bob@example.com")
    await change(tenant, bob, active=False)
    assert (await complete(await token_to(tenant, "bob@example.com"))).code == "link-ended"

    old = {"old_password": PASSWORD, "new_password": SECOND}
    here = await log_in(tenant)
    assert (await call(users.change_password, old, headers=bearer(here))).status == 204
    assert (await complete(token)).code == "link-ended"
    assert await noticed(tenant) == [Notice.PASSWORD_CHANGED]


async def test_a_reset_lets_in_who_was_locked_out(tenant: str) -> None:
    await create(tenant)
    for _ in range(5):
        await log_in(tenant, password="wrong horse battery")
    assert (await log_in(tenant)).code == "login-failed"
    await complete(await asked_by(tenant))
    assert (await log_in(tenant, password=NEW)).status == 200
    assert (await log_in(tenant, password=NEW)).status == 200


async def test_a_reset_does_not_bypass_a_second_factor(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    token = await asked_by(tenant)
    asked = await complete(token)
    assert (asked.status, asked.code) == (401, "mfa-required")
    assert [factor["kind"] for factor in asked.json["factors"]] == ["totp", "recovery"]
    proof = {"challenge_token": asked.json["challenge_token"], "factor_id": ann.factor_id}

    assert (await complete(token, **proof)).code == "mfa-failed"
    assert (await complete(token, **proof, code="000000")).code == "mfa-failed"
    assert (await complete(token, "short", **proof, code=ann.code(time))).code == "weak-password"
    assert (await log_in(tenant)).code == "mfa-required", "the old password still stands"
    assert (await complete(token, **proof, code=ann.code(time))).status == 204
    assert (await log_in(tenant, password=NEW)).code == "mfa-required"


async def test_another_ones_challenge_does_not_serve(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    await create(tenant, "bob@example.com")
    token = await asked_by(tenant)
    login = await log_in(tenant)
    proof = {"factor_id": ann.factor_id, "code": ann.code(time)}
    wrong = await complete(token, **proof, challenge_token=login.json["challenge_token"])
    assert wrong.code == "challenge-ended"

    bob = (await wiring.users().get(tenant, ann.user.json["id"], USERS)).document
    other = bob.model_copy(update={"id": "u-other"})
    refusal = await wiring.challenges().demanded(other, Purpose.RESET, time.at)
    token_of_other = str(refusal.more["challenge_token"])
    assert (
        await complete(token, **proof, challenge_token=token_of_other)
    ).code == "challenge-ended"


async def test_a_factor_enrolled_meanwhile_is_asked_for(tenant: str, time: Frozen) -> None:
    """Between reading the user and saving: what counts is what stands when it is saved."""
    ann = await with_app(tenant, time)
    token = await asked_by(tenant)
    user = (await wiring.users().get(tenant, ann.user.json["id"], USERS)).document
    before = user.model_copy(update={"factors": ()})
    service = wiring.recovery()
    with pytest.raises(MfaRequired):
        await service._reset(token, "hash", before, Client())


async def test_an_administrator_starts_a_reset_and_chooses_nothing(tenant: str) -> None:
    created = await create(tenant)
    admin = somebody(tenant)
    started = await call(recovery.start_reset, caller=admin, user_id=created.json["id"])
    assert (started.status, started.body) == (202, b"")
    assert (await log_in(tenant)).status == 200, "the old password stands until the new one"
    assert (await complete(await token_to(tenant))).status == 204

    trail = await wiring.users().trail(tenant, created.json["id"], USERS)
    assert [entry.action for entry in trail.entries] == [
        "create user",
        "start password reset",
        "reset password",
    ]
    assert trail.intact
    assert "link" not in trail.model_dump_json()
    unknown = await call(recovery.start_reset, caller=admin, user_id="nobody")
    assert unknown.code == "not-found"
    member = somebody(tenant, Role.MEMBER)
    refused = await call(recovery.start_reset, caller=member, user_id=created.json["id"])
    assert refused.code == "forbidden"


async def test_a_generated_password_serves_to_choose_ones_own(tenant: str) -> None:
    created = await create(tenant, password=None)
    first = created.json["generated_password"]
    refused = await log_in(tenant, password=first)
    assert (refused.status, refused.code) == (401, "password-change-required")
    assert refused.json["expires_in"] == 600
    token = refused.json["reset_token"]

    assert (await complete(token)).status == 204
    assert (await log_in(tenant, password=first)).code == "login-failed"
    assert (await log_in(tenant, password=NEW)).status == 200
    assert (await complete(token, SECOND)).code == "link-ended"
    assert await noticed(tenant) == [Notice.PASSWORD_CHANGED]


async def test_a_generated_password_ends_unused_after_three_days(tenant: str, time: Frozen) -> None:
    created = await create(tenant, password=None)
    first = created.json["generated_password"]
    time.move(timedelta(days=2, hours=23))
    in_time = await log_in(tenant, password=first)
    assert in_time.code == "password-change-required"
    time.move(timedelta(hours=1))
    assert (await log_in(tenant, password=first)).code == "login-failed"


async def test_a_first_passwords_token_ends_with_the_first_password(tenant: str) -> None:
    created = await create(tenant, password=None)
    first = created.json["generated_password"]
    one = (await log_in(tenant, password=first)).json["reset_token"]
    two = (await log_in(tenant, password=first)).json["reset_token"]
    assert (await complete(one)).status == 204
    assert (await complete(two, SECOND)).code == "link-ended"


async def test_no_secret_is_logged(tenant: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="collab")
    created = await create(tenant, password=None)
    first = created.json["generated_password"]
    reset = (await log_in(tenant, password=first)).json["reset_token"]
    token = await asked_by(tenant)
    await complete(token, "too short")
    await complete(token)
    for secret in (first, reset, token, NEW):
        assert secret not in caplog.text
    assert "authn_password_change" in caplog.text
    assert token not in repr((await letters(tenant))[-1])


async def test_notices_say_from_where(tenant: str) -> None:
    await create(tenant)
    token = await asked_by(tenant)
    headers = {"user-agent": "Browser of Eve", "x-forwarded-for": "203.0.113.9"}
    body = {"token": token, "new_password": NEW}
    assert (await call(recovery.complete_reset, body, headers=headers)).status == 204
    [notice] = await notices(tenant)
    assert (notice.device, notice.address) == ("Browser of Eve", "203.0.113.9")


async def test_a_reset_token_is_no_login(tenant: str) -> None:
    await create(tenant)
    token = await asked_by(tenant)
    assert (await call(logins.refresh, {"refresh_token": token})).code == "session-ended"
    headers = {"authorization": f"Bearer {token}"}
    assert (await call(users.read_me, method="GET", headers=headers)).code == "unauthenticated"
