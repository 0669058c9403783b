"""Logging in, staying in, logging out; and everybody who may not."""

import asyncio

import pytest

from functions.auth import events
from functions.auth.api import logins, users
from functions.auth.models.logins import TokensView
from shared.contracts.auth import UserChanged
from tests.support.http import Answer, call, somebody
from tests.support.messages import message, told_by

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.usefixtures("records")


async def create(tenant: str, email: str = "ann@example.com", **more: object) -> Answer:
    body = {"email": email, "name": "Ann", "roles": ["driver"], "password": PASSWORD, **more}
    return await call(users.create_user, body, caller=somebody(tenant))


async def log_in(tenant: str, email: str = "ann@example.com", password: str = PASSWORD) -> Answer:
    return await call(logins.login, {"email": email, "password": password, "tenant_id": tenant})


async def refresh(token: str) -> Answer:
    return await call(logins.refresh, {"refresh_token": token})


def bearer(answer: Answer) -> dict[str, str]:
    return {"authorization": f"Bearer {answer.json['access_token']}"}


async def me(answer: Answer) -> Answer:
    return await call(users.read_me, method="GET", headers=bearer(answer))


async def test_a_login_gives_a_token_that_says_who_one_is(tenant: str) -> None:
    created = await create(tenant)
    tokens = await log_in(tenant, email=" Ann@Example.com ")

    assert tokens.status == 200
    assert TokensView.model_validate(tokens.json).expires_in == 900
    mine = await me(tokens)
    assert mine.json["id"] == created.json["id"]
    assert mine.json["roles"] == ["driver"]
    assert "password" not in mine.body.decode()


@pytest.mark.parametrize("typed", ["ann@straße.example", "ANN@xn--strae-oqa.example "])
async def test_an_address_is_known_in_all_its_forms(tenant: str, typed: str) -> None:
    await create(tenant, "ann@straße.example")
    assert (await log_in(tenant, typed)).status == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [("ann@example.com", "wrong horse battery"), ("nobody@example.com", PASSWORD)],
)
async def test_a_wrong_password_and_an_unknown_user_are_told_the_same(
    tenant: str, email: str, password: str
) -> None:
    await create(tenant)
    refused = await log_in(tenant, email, password)

    assert (refused.status, refused.code) == (401, "login-failed")
    assert refused.json["detail"] == "E-mail address and password do not fit together."


async def test_a_refresh_token_works_once_and_its_return_ends_the_login(tenant: str) -> None:
    await create(tenant)
    first = await log_in(tenant)
    second = await refresh(first.json["refresh_token"])
    assert second.status == 200

    assert (await refresh(first.json["refresh_token"])).code == "session-ended"
    assert (await refresh(second.json["refresh_token"])).code == "session-ended"


async def test_of_two_refreshes_at_once_one_wins(tenant: str) -> None:
    await create(tenant)
    token = (await log_in(tenant)).json["refresh_token"]
    answers = await asyncio.gather(refresh(token), refresh(token))

    assert max(answer.status for answer in answers) == 401
    assert [answer.status for answer in answers].count(200) <= 1


async def test_after_logging_out_the_refresh_token_is_dead(tenant: str) -> None:
    await create(tenant)
    tokens = await log_in(tenant)

    for _ in range(2):
        assert (await call(logins.logout, headers=bearer(tokens))).status == 204
    assert (await refresh(tokens.json["refresh_token"])).code == "session-ended"


@pytest.mark.parametrize("token", ["", "a", "a~b~c", "t~u~s~x", "t~~s~x", "ü~~~"])
async def test_a_made_up_refresh_token_is_refused(tenant: str, token: str) -> None:
    refused = await refresh(token)
    assert (refused.status, refused.code) == (401, "session-ended")


async def test_a_disabled_user_is_out(tenant: str) -> None:
    created = await create(tenant)
    tokens = await log_in(tenant)
    disabled = await call(
        users.change_user,
        {"active": False},
        method="PATCH",
        caller=somebody(tenant),
        headers={"if-match": created.etag},
        user_id=created.json["id"],
    )
    assert disabled.json["active"] is False
    assert (await log_in(tenant)).code == "login-failed"
    assert (await refresh(tokens.json["refresh_token"])).code == "session-ended"

    told = [UserChanged(**body) for body in await told_by("auth", tenant, UserChanged)]
    assert [(each.version, each.active) for each in told] == [(1, True), (2, False)]
    for _ in range(2):
        await events.on_user_changed(message(told[-1]))
    enabled = {"active": True}
    await call(
        users.change_user,
        enabled,
        method="PATCH",
        caller=somebody(tenant),
        headers={"if-match": disabled.etag},
        user_id=created.json["id"],
    )
    assert (await refresh(tokens.json["refresh_token"])).code == "session-ended"


async def test_a_changed_password_ends_the_other_logins(tenant: str) -> None:
    await create(tenant)
    here, elsewhere = await log_in(tenant), await log_in(tenant)
    wrong = {"old_password": "not the old one", "new_password": "a wholly new password"}
    right = {"old_password": PASSWORD, "new_password": "a wholly new password"}

    refused = await call(users.change_password, wrong, headers=bearer(here))
    assert refused.code == "login-failed"
    assert (await call(users.change_password, right, headers=bearer(here))).status == 204
    assert (await refresh(elsewhere.json["refresh_token"])).code == "session-ended"
    assert (await refresh(here.json["refresh_token"])).status == 200
    assert (await log_in(tenant)).code == "login-failed"
    assert (await log_in(tenant, password="a wholly new password")).status == 200


async def test_roles_decide_what_a_token_may_do(tenant: str) -> None:
    await create(tenant)
    tokens = await log_in(tenant)
    refused = await call(users.list_users, method="GET", headers=bearer(tokens))

    assert (refused.status, refused.code) == (403, "forbidden")
    assert refused.json["permission"] == "auth:read"
