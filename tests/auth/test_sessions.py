"""Where one is logged in, and how that ends: at once, everywhere."""

import asyncio
from collections.abc import Generator
from datetime import UTC, datetime, timedelta

import pytest

from functions.auth.api import logins, sessions
from functions.auth.domain.session import Assurance, Session
from shared.identity.revocations import REREAD_AFTER_S, Revocations
from shared.identity.revoked import RevocationFeed
from shared.identity.verifying import Verified, tokens, verified
from shared.platform import clock
from shared.platform.clients import container
from tests.auth.people import bearer, change, create, log_in, me, refresh
from tests.support.http import Answer, call, somebody

pytestmark = pytest.mark.usefixtures("records")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Seconds:
    """A monotonic clock that the test moves."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture
def seconds() -> Generator[Seconds]:
    """Another instance of the app, whose next look at what was revoked is the test's to say."""
    passed = Seconds()
    feed = RevocationFeed(container("auth"), clock.now)
    instance = Verified(tokens(), Revocations(feed.since, passed), clock.now)
    with verified.replaced_by(instance):
        yield passed


async def out(tokens: Answer, scope: str) -> Answer:
    return await call(logins.logout, {"scope": scope}, headers=bearer(tokens))


async def listed(tokens: Answer) -> list[dict[str, object]]:
    answer = await call(sessions.list_mine, method="GET", headers=bearer(tokens))
    return list(answer.json["items"])


@pytest.mark.parametrize(
    ("scope", "left"),
    [("local", [False, True]), ("others", [True, False]), ("global", [False, False])],
)
async def test_logging_out_ends_what_it_says_within_seconds(
    tenant: str, seconds: Seconds, scope: str, left: list[bool]
) -> None:
    await create(tenant)
    here, there = await log_in(tenant), await log_in(tenant)
    assert [(await me(each)).status for each in (here, there)] == [200, 200]
    assert (await out(here, scope)).status == 204

    seconds.passed += REREAD_AFTER_S + 0.1
    for tokens_, lives in zip((here, there), left, strict=True):
        assert (await me(tokens_)).status == (200 if lives else 401)
        assert (await refresh(tokens_)).status == (200 if lives else 401)


@pytest.mark.parametrize("wish", [{"roles": ["member"]}, {"active": False}])
async def test_rights_that_are_taken_away_are_gone_within_seconds(
    tenant: str, seconds: Seconds, wish: dict[str, object]
) -> None:
    user = await create(tenant)
    before = await log_in(tenant)
    assert (await me(before)).status == 200
    await change(tenant, user, **wish)

    seconds.passed += REREAD_AFTER_S + 0.1
    assert (await me(before)).status == 401
    after = await refresh(before)
    if "roles" in wish:
        assert (await me(after)).json["roles"] == ["member"]
    else:
        assert after.code == "session-ended"


async def test_a_new_name_ends_nothing(tenant: str, seconds: Seconds) -> None:
    user = await create(tenant)
    before = await log_in(tenant)
    await change(tenant, user, name="Bea")
    seconds.passed += REREAD_AFTER_S + 0.1
    assert (await me(before)).status == 200


async def test_logins_are_listed_with_device_and_address(tenant: str) -> None:
    await create(tenant)
    first = await log_in(tenant, user_agent="Phone\x07/1", x_forwarded_for="9.9.9.9, 1.2.3.4:567")
    second = await log_in(tenant)
    items = await listed(second)

    assert [item["current"] for item in items] == [True, False]
    assert (items[1]["device"], items[1]["address"]) == ("Phone /1", "1.2.3.4")
    ended = await call(
        sessions.end_mine,
        method="DELETE",
        headers=bearer(second),
        session_id=str(items[1]["id"]),
    )
    assert ended.status == 204
    assert len(await listed(second)) == 1
    assert (await refresh(first)).code == "session-ended"


async def test_nobody_ends_the_login_of_somebody_else(tenant: str) -> None:
    await create(tenant)
    await create(tenant, "bea@example.com")
    ann, bea = await log_in(tenant), await log_in(tenant, "bea@example.com")
    of_ann = str((await listed(ann))[0]["id"])

    refused = await call(sessions.end_mine, method="DELETE", headers=bearer(bea), session_id=of_ann)
    assert refused.status == 404
    assert (await refresh(ann)).status == 200


async def test_an_administrator_sees_and_ends_the_logins_of_a_user(tenant: str) -> None:
    user = await create(tenant)
    tokens_ = [await log_in(tenant) for _ in range(3)]
    admin, whose = somebody(tenant), user.json["id"]
    seen = await call(sessions.list_of_user, method="GET", caller=admin, user_id=whose)
    assert len(seen.json["items"]) == 3
    one = await call(
        sessions.end_of_user,
        method="DELETE",
        caller=admin,
        user_id=whose,
        session_id=seen.json["items"][0]["id"],
    )
    assert one.status == 204
    everything = await call(sessions.end_all_of_user, method="DELETE", caller=admin, user_id=whose)
    assert everything.status == 204
    assert {(await refresh(each)).code for each in tokens_} == {"session-ended"}


async def test_of_many_refreshes_at_once_exactly_one_wins_and_the_login_ends(tenant: str) -> None:
    await create(tenant)
    for racers in (2, 3, 5):
        token = await log_in(tenant)
        answers = await asyncio.gather(*(refresh(token) for _ in range(racers)))
        won = [answer for answer in answers if answer.status == 200]
        assert len(won) == 1
        assert (await refresh(won[0])).code == "session-ended"


@pytest.mark.parametrize(
    ("assurance", "idle", "absolute"),
    [
        (Assurance.AAL1, timedelta(days=1), timedelta(days=30)),
        (Assurance.AAL2, timedelta(minutes=30), timedelta(hours=12)),
    ],
)
def test_a_login_ends_when_it_stands_idle_and_when_it_is_old(
    assurance: Assurance, idle: timedelta, absolute: timedelta
) -> None:
    session = Session(
        id="s",
        tenant_id="t",
        user_id="u",
        secret_hash="",
        started_at=NOON,
        seen_at=NOON,
        authenticated_at=NOON,
        assurance=assurance,
    )
    second = timedelta(seconds=1)
    assert session.alive(NOON + idle - second)
    assert not session.alive(NOON + idle)
    at = NOON
    while at < NOON + absolute - idle:
        at += idle - second
        session = session.rotated("next", at)
    assert session.alive(NOON + absolute - second)
    assert not session.alive(NOON + absolute)
