"""Whether a token counts, in the words of today and in older ones."""

import pytest

from functions.auth.api import aliases, introspection
from tests.auth.people import PASSWORD, bearer, create, log_in, me
from tests.support.http import Answer, call

pytestmark = pytest.mark.usefixtures("records")
OLDER_LOGINS = [aliases.token, aliases.login, aliases.auth_login]


async def older(tenant: str, function: object = aliases.token, name: str = "username") -> Answer:
    body = {name: "ann@example.com", "password": PASSWORD, "tenant_id": tenant}
    return await call(function, body)  # type: ignore[arg-type]  # one of OLDER_LOGINS


async def test_a_token_that_counts_says_what_it_stands_for(tenant: str) -> None:
    created = await create(tenant)
    tokens = await log_in(tenant)
    for body, headers in (({"token": tokens.json["access_token"]}, {}), ({}, bearer(tokens))):
        told = (await call(introspection.verify, body, headers=headers)).json
        assert (told["active"], told["sub"]) == (True, created.json["id"])
        assert (told["roles"], told["acr"], told["tenant_id"]) == (["driver"], "aal1", tenant)


@pytest.mark.parametrize("token", ["", "rubbish", "a.b.c"])
async def test_of_a_token_that_does_not_count_nothing_is_told(tenant: str, token: str) -> None:
    told = await call(introspection.verify, {"token": token}, headers={"authorization": "Basic x"})
    assert told.json == dict.fromkeys(told.json) | {"active": False}
    verdict = await call(aliases.auth_verify, {"token": token}, headers={"authorization": ""})
    assert verdict.json == {"valid": False, "user": None}


@pytest.mark.parametrize("name", ["username", "email"])
@pytest.mark.parametrize("function", OLDER_LOGINS)
async def test_older_clients_log_in_by_older_words(
    tenant: str, function: object, name: str
) -> None:
    await create(tenant)
    answer = await older(tenant, function, name)
    assert answer.json["access"] == answer.json["access_token"]
    assert answer.json["refresh"] == answer.json["refresh_token"]
    assert (await me(answer)).status == 200
    verdict = (await call(aliases.auth_verify, headers=bearer(answer))).json
    assert (verdict["valid"], verdict["user"]["roles"]) == (True, ["driver"])


@pytest.mark.parametrize("function", [aliases.logout, aliases.auth_logout])
async def test_older_clients_log_out(tenant: str, function: object) -> None:
    await create(tenant)
    answer = await older(tenant)
    out = await call(function, headers=bearer(answer))  # type: ignore[arg-type]  # one of the two
    assert out.status == 204
