"""Whoever's login changes hears of it, in the batch of the change."""

import asyncio

import pytest

from functions.auth import events
from functions.auth.api import sessions, users
from functions.auth.domain.devices import Device
from functions.auth.domain.guessing import OF_ACCOUNT
from functions.auth.service.devices import DeviceService
from shared.contracts.auth import Notice, UserDisabled, UserLoggedIn
from shared.platform import clock
from shared.platform.clients import container
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored
from tests.auth.counting import counted
from tests.auth.letters import noticed, notices
from tests.auth.people import PASSWORD, bearer, change, create, log_in, refresh
from tests.support.http import call, somebody
from tests.support.messages import message, told_by

pytestmark = pytest.mark.usefixtures("records")


async def test_a_changed_password_is_told_with_where_from(tenant: str) -> None:
    created = await create(tenant)
    tokens = await log_in(tenant)
    body = {"old_password": PASSWORD, "new_password": "a wholly new password"}
    headers = {**bearer(tokens), "user-agent": "Phone", "x-forwarded-for": "203.0.113.9"}
    assert (await call(users.change_password, body, headers=headers)).status == 204
    [notice] = await notices(tenant)
    assert (notice.notice, notice.user_id) == (Notice.PASSWORD_CHANGED, created.json["id"])
    assert (notice.device, notice.address) == ("Phone", "203.0.113.9")
    assert notice.email is None


async def test_a_refused_change_is_not_told(tenant: str) -> None:
    await create(tenant)
    tokens = await log_in(tenant)
    for old, new in (("wrong horse battery", "a wholly new password"), (PASSWORD, "short")):
        body = {"old_password": old, "new_password": new}
        await call(users.change_password, body, headers=bearer(tokens))
    assert await notices(tenant) == []


async def test_whom_an_administrator_logs_out_is_told_once(tenant: str) -> None:
    created = await create(tenant)
    logins = [await log_in(tenant) for _ in range(3)]
    admin, user_id = somebody(tenant), created.json["id"]
    listed = await call(sessions.list_of_user, method="GET", caller=admin, user_id=user_id)
    one = listed.json["items"][0]["id"]
    for _ in range(2):
        ended = await call(
            sessions.end_of_user, method="DELETE", caller=admin, user_id=user_id, session_id=one
        )
        assert ended.status == 204
    assert await noticed(tenant) == [Notice.SESSION_REVOKED]
    for _ in range(2):
        await call(sessions.end_all_of_user, method="DELETE", caller=admin, user_id=user_id)
    assert await noticed(tenant) == [Notice.SESSION_REVOKED] * 2
    assert {(await refresh(tokens)).code for tokens in logins} == {"session-ended"}
    missing = await call(
        sessions.end_of_user, method="DELETE", caller=admin, user_id=user_id, session_id="none"
    )
    assert missing.code == "not-found"


async def test_a_disabled_user_is_told_to_the_others(tenant: str) -> None:
    created = await create(tenant)
    for active in (False, False, True):
        await change(tenant, created, active=active)
    told = [UserDisabled(**body) for body in await told_by("auth", tenant, UserDisabled)]
    assert [event.user_id for event in told] == [created.json["id"]]


async def test_whose_password_is_guessed_is_told_when_it_locks(tenant: str) -> None:
    created = await create(tenant)
    for _ in range(OF_ACCOUNT.most_failures + 3):
        await log_in(tenant, password="wrong horse battery")
        await log_in(tenant, "nobody@example.com")
    [notice] = await notices(tenant)
    assert (notice.notice, notice.user_id) == (Notice.LOGIN_LOCKED, created.json["id"])


async def test_a_lock_costs_the_same_whether_or_not_there_is_somebody(tenant: str) -> None:
    await create(tenant)
    costs = []
    with counted() as (cost, _):
        for email in ("ann@example.com", "nobody@example.com"):
            cost.forget()
            for _ in range(OF_ACCOUNT.most_failures):
                await log_in(tenant, email, "wrong horse battery")
            costs.append((cost.calls, cost.hashes))
    assert costs[0] == costs[1]
    assert len(costs[0][0]) == 2 * OF_ACCOUNT.most_failures


async def logged_in(tenant: str, device: str) -> UserLoggedIn:
    """And what was told of it was heard, twice."""
    assert (await log_in(tenant, user_agent=device)).status == 200
    event = UserLoggedIn(**(await told_by("auth", tenant, UserLoggedIn))[-1])
    await asyncio.gather(*(events.on_user_logged_in(message(event)) for _ in range(2)))
    await events.on_user_logged_in(message(event, message_id="another"))
    return event


async def test_a_login_on_a_new_device_is_told_and_the_first_is_not(tenant: str) -> None:
    created = await create(tenant)
    await logged_in(tenant, "Phone/1.0")
    await logged_in(tenant, "Phone/2.17_3")
    assert await notices(tenant) == []
    event = await logged_in(tenant, "Desktop/1.0")
    [notice] = await notices(tenant)
    assert (notice.notice, notice.user_id) == (Notice.NEW_DEVICE, created.json["id"])
    assert (notice.device, notice.at) == ("Desktop/1.0", event.at)
    await logged_in(tenant, "Desktop/1.1")
    assert await noticed(tenant) == [Notice.NEW_DEVICE]


class Late(CosmosDocuments[Device]):
    """Another instance keeps the device between this one's look and its save."""

    async def where(self, *_: object, **__: object) -> list[Stored[Device]]:
        return []


async def test_a_device_that_two_instances_see_at_once_is_told_once(tenant: str) -> None:
    await create(tenant)
    await logged_in(tenant, "Phone")
    event = await logged_in(tenant, "Desktop")
    late = Late(container("auth"), Device, clock.now)
    await DeviceService(late, clock.now).seen(event)
    assert await noticed(tenant) == [Notice.NEW_DEVICE]
