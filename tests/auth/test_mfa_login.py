"""Whoever has a second factor gets in with it, and never without."""

import asyncio
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from functions.auth.api import aliases, logins, sessions, users
from functions.auth.domain.enrolment import confirmed
from functions.auth.domain.factors import Factor, FactorKind, SentCode, TotpSecret
from functions.auth.domain.guessing import OF_ACCOUNT
from functions.auth.domain.session import Session
from functions.auth.domain.user import User
from shared.contracts.auth import SecurityNoticed
from shared.identity.caller import Caller
from shared.identity.verifying import verifier
from shared.platform.clients import container
from tests.auth.factors import Person, again, begin, confirm, someone, verify, with_app
from tests.auth.frozen import Frozen, frozen
from tests.auth.people import PASSWORD, bearer, change, create, log_in, me, refresh
from tests.support.azure import configured
from tests.support.http import Answer, call
from tests.support.messages import told_by

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("records")


@pytest.fixture
def time(records: None) -> Generator[Frozen]:
    with frozen() as clock:
        yield clock


async def caller_of(tokens: Answer) -> Caller:
    return await verifier()(bearer(tokens)["authorization"])


async def test_a_password_alone_is_answered_with_what_is_missing(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    half = await log_in(tenant)

    assert (half.status, half.code) == (401, "mfa-required")
    assert [(each["kind"], each["name"]) for each in half.json["factors"]] == [
        ("totp", "My totp"),
        ("recovery", "Recovery codes"),
    ]
    assert half.json["expires_in"] == 600
    assert "access_token" not in half.json
    whole = await verify(half.json["challenge_token"], ann.factor_id, code=ann.code(time))
    assert whole.status == 200
    caller = await caller_of(whole)
    assert (caller.assurance, caller.authenticated_at) == ("aal2", time.at)
    assert (await me(whole)).json["id"] == ann.user.json["id"]


async def test_a_challenge_token_opens_nothing_by_itself(tenant: str, time: Frozen) -> None:
    await with_app(tenant, time)
    token = (await log_in(tenant)).json["challenge_token"]

    headers = {"authorization": f"Bearer {token}"}
    refused = await call(logins.logout, headers=headers)
    assert refused.code == "unauthenticated"
    assert (await call(logins.refresh, {"refresh_token": token})).code == "session-ended"


async def test_no_older_route_lets_in_without_it(tenant: str, time: Frozen) -> None:
    await with_app(tenant, time)
    body = {"username": "ann@example.com", "password": PASSWORD, "tenant_id": tenant}
    for route in (aliases.token, aliases.login, aliases.auth_login):
        assert (await call(route, body)).code == "mfa-required"


async def test_logins_that_began_without_it_end_but_that_which_confirmed_it(
    tenant: str, time: Frozen
) -> None:
    ann = await someone(tenant)
    elsewhere = await log_in(tenant)
    time.move()
    begun = await begin(ann.tokens, "totp")
    ann.secret = begun.json["secret"]
    assert (await confirm(ann.tokens, begun.json["id"], code=ann.code(time))).status == 200

    assert (await refresh(elsewhere)).code == "session-ended"
    assert (await refresh(ann.tokens)).status == 200


async def test_a_challenge_is_answered_once(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    token = (await log_in(tenant)).json["challenge_token"]
    assert (await verify(token, ann.factor_id, code=ann.code(time))).status == 200
    time.move()
    refused = await verify(token, ann.factor_id, code=ann.code(time))
    assert (refused.status, refused.code) == (401, "challenge-ended")


async def test_a_challenge_that_took_too_long_is_over(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    token = (await log_in(tenant)).json["challenge_token"]
    time.move(timedelta(minutes=10, seconds=30))
    refused = await verify(token, ann.factor_id, code=ann.code(time))
    assert refused.code == "challenge-ended"


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 8192])
async def test_a_made_up_challenge_is_refused(tenant: str, token: str) -> None:
    assert (await verify(token, "f", code="123456")).code == "challenge-ended"


async def test_wrong_codes_lock_as_wrong_passwords_do(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    token = (await log_in(tenant)).json["challenge_token"]
    wrong = [
        await verify(token, ann.factor_id, code="000000") for _ in range(OF_ACCOUNT.most_failures)
    ]
    assert {(refused.status, refused.code) for refused in wrong} == {(401, "mfa-failed")}
    told = [body["notice"] for body in await told_by("auth", tenant, SecurityNoticed)]
    assert told == ["factor-added", "login-locked"]

    right = await verify(token, ann.factor_id, code=ann.code(time))
    assert (right.code, right.json["detail"]) == ("mfa-failed", wrong[0].json["detail"])
    assert (await log_in(tenant)).code == "login-failed"
    time.move(timedelta(seconds=OF_ACCOUNT.wait_s(OF_ACCOUNT.most_failures + 2)))
    half = await log_in(tenant)
    assert half.code == "mfa-required"
    assert (
        await verify(half.json["challenge_token"], ann.factor_id, code=ann.code(time))
    ).status == 200
    assert await failures(tenant) == [0]


async def failures(tenant: str) -> list[int]:
    query = "SELECT c.count FROM c WHERE c.kind = 'Failures'"
    items = container("auth").query_items(query, partition_key=[tenant, "users"])
    return [item["count"] async for item in items]


async def test_whoever_knows_the_password_does_not_wash_wrong_codes_away(
    tenant: str, time: Frozen
) -> None:
    ann = await with_app(tenant, time)
    for _ in range(OF_ACCOUNT.most_failures):
        token = (await log_in(tenant)).json["challenge_token"]
        await verify(token, ann.factor_id, code="000000")
    assert (await log_in(tenant)).code == "login-failed"


async def test_wrong_passwords_and_wrong_codes_are_counted_together(
    tenant: str, time: Frozen
) -> None:
    ann = await with_app(tenant, time)
    token = (await log_in(tenant)).json["challenge_token"]
    for _ in range(OF_ACCOUNT.most_failures - 1):
        await log_in(tenant, password="wrong horse battery")
    await verify(token, ann.factor_id, code="000000")
    assert (await verify(token, ann.factor_id, code=ann.code(time))).code == "mfa-failed"


async def test_of_many_guesses_at_once_none_is_lost(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    token = (await log_in(tenant)).json["challenge_token"]
    codes = [f"{number:06}" for number in range(4)]
    await asyncio.gather(*(verify(token, ann.factor_id, code=code) for code in codes))
    assert await failures(tenant) == [4]


async def test_a_changed_password_ends_challenges_that_the_old_one_began(
    tenant: str, time: Frozen
) -> None:
    ann = await with_app(tenant, time)
    token = (await log_in(tenant)).json["challenge_token"]
    time.move()
    body = {"old_password": PASSWORD, "new_password": "a wholly new password"}
    tokens = await strong(ann, time)
    assert (await call(users.change_password, body, headers=bearer(tokens))).status == 204
    time.move()
    assert (await verify(token, ann.factor_id, code=ann.code(time))).code == "mfa-failed"


async def strong(ann: Person, time: Frozen) -> Answer:
    tokens = await again(ann.tokens, factor_id=ann.factor_id, code=ann.code(time))
    assert tokens.status == 200
    return tokens


async def test_a_disabled_user_is_not_let_in_by_a_factor(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    token = (await log_in(tenant)).json["challenge_token"]
    await change(tenant, ann.user, active=False)
    assert (await verify(token, ann.factor_id, code=ann.code(time))).code == "mfa-failed"


async def test_a_factor_of_somebody_else_proves_nothing(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    await create(tenant, "bea@example.com")
    bea = Person(tenant, await log_in(tenant, "bea@example.com"), ann.user)
    begun = await begin(bea.tokens, "totp")
    bea.secret, bea.factor_id = begun.json["secret"], begun.json["id"]
    await confirm(bea.tokens, bea.factor_id, code=bea.code(time))
    time.move()

    token = (await log_in(tenant)).json["challenge_token"]
    for factor_id in (bea.factor_id, "no-such-factor"):
        refused = await verify(token, factor_id, code=bea.code(time))
        assert refused.code == "mfa-failed"


async def test_a_password_of_someone_with_a_factor_may_be_shorter(
    tenant: str, time: Frozen
) -> None:
    ann = await with_app(tenant, time)
    tokens = await strong(ann, time)
    body = {"old_password": PASSWORD, "new_password": "qv7#xLp2"}
    assert (await call(users.change_password, body, headers=bearer(tokens))).status == 204


def test_only_a_proven_factor_opens_a_login_of_who_has_one() -> None:
    """Whatever way in is added: tokens come from one place, which asks for the factor."""
    rooms = (Path(__file__).resolve().parents[2] / "functions").rglob("*.py")
    sources = {path: path.read_text(encoding="utf-8") for path in rooms}
    by_factor = [path.name for path, text in sources.items() if "by_factor=True" in text]
    issuing = [path.name for path, text in sources.items() if "_issue(ACCESS" in text]
    assert (by_factor, issuing) == (["second_factor.py"], ["opening.py"])


async def test_where_everybody_needs_one_a_login_without_gets_no_further(
    tenant: str, time: Frozen
) -> None:
    ann = await someone(tenant)
    with configured(REQUIRE_SECOND_FACTOR="true"):
        refused = await call(users.list_users, method="GET", headers=bearer(ann.tokens))
        assert refused.code == "forbidden"
        refused = await call(sessions.list_mine, method="GET", headers=bearer(ann.tokens))
        assert (refused.code, refused.json["acr_values"]) == ("step-up-required", "aal2")
        assert 'acr_values="aal2"' in refused.headers["WWW-Authenticate"]
        assert (await me(ann.tokens)).status == 200

        begun = await begin(ann.tokens, "totp")
        ann.secret, ann.factor_id = begun.json["secret"], begun.json["id"]
        assert (await confirm(ann.tokens, ann.factor_id, code=ann.code(time))).status == 200
        time.move()
        tokens = await strong(ann, time)
        mine = await call(sessions.list_mine, method="GET", headers=bearer(tokens))
        assert mine.status == 200
        assert (await call(logins.logout, headers=bearer(tokens))).status == 204


async def test_programs_need_no_second_factor(tenant: str) -> None:
    Caller("s-1", tenant, frozenset(), kind="service").must_be_strong()


def test_a_code_that_was_sent_lives_ten_minutes_for_its_challenge_alone() -> None:
    code = SentCode(hash="h", bound_to="c", sent_at=NOON)
    assert code.answers("c", NOON + timedelta(minutes=10, seconds=-1))
    assert not code.answers("c", NOON + timedelta(minutes=10))
    assert not code.answers("d", NOON)


async def test_a_factor_that_is_not_confirmed_proves_nothing(tenant: str, time: Frozen) -> None:
    ann = await with_app(tenant, time)
    tokens = await strong(ann, time)
    time.move()
    begun = await begin(tokens, "totp")
    bea = Person(tenant, tokens, ann.user, begun.json["secret"])
    token = (await log_in(tenant)).json["challenge_token"]
    assert (await verify(token, begun.json["id"], code=bea.code(time))).code == "mfa-failed"
    assert (await verify(token, ann.factor_id, code=ann.code(time))).status == 200


async def test_the_login_that_confirmed_it_is_strong_from_its_next_refresh_on(
    tenant: str, time: Frozen
) -> None:
    ann = await with_app(tenant, time)
    assert (await caller_of(ann.tokens)).assurance == "aal1"
    renewed = await refresh(ann.tokens)
    assert (await caller_of(renewed)).assurance == "aal2"
    assert (await begin(renewed, "webauthn")).status == 201


def test_a_login_that_began_without_it_is_over_with_the_save_itself() -> None:
    factor = Factor(id="f", kind=FactorKind.TOTP, name="App", added_at=NOON)
    user = User(
        id="u",
        tenant_id="t",
        email="a@b.c",
        name="A",
        roles=frozenset(),
        password_hash="",
        created_at=NOON,
        factors=(factor,),
        factor_secrets={"f": TotpSecret(secret="S")},
    )
    after = confirmed(user, "f", TotpSecret(secret="S"), NOON, "mine")

    def lives(session_id: str, started: timedelta) -> bool:
        at = NOON + started
        session = Session(
            id=session_id,
            tenant_id="t",
            user_id="u",
            secret_hash="",
            started_at=at,
            seen_at=at,
            authenticated_at=at,
        )
        return after.lets_on(session)

    second = timedelta(seconds=1)
    assert [lives("other", -second), lives("mine", -second), lives("new", second)] == [
        False,
        True,
        True,
    ]
