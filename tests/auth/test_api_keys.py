"""API keys: what they open, how long, and how they end."""

import asyncio
from collections.abc import Generator
from datetime import datetime

import pytest

from functions.auth.api import service_accounts as api
from functions.auth.api import users
from functions.auth.domain import service_accounts as rules
from shared.contracts.auth import SecurityNoticed
from shared.identity.caller import Caller
from shared.identity.custom_roles import ACCESS
from shared.identity.key_uses import CosmosKeyUses
from shared.platform import clock
from shared.platform.clients import container
from tests.auth.access import (
    get,
    keyed,
    make_account,
    make_key,
    make_role,
    opens,
    revoke_key,
)
from tests.auth.instances import Instance, another_instance
from tests.support.http import call, somebody
from tests.support.messages import told_by

pytestmark = pytest.mark.usefixtures("records")


@pytest.fixture
def instance() -> Generator[Instance]:
    with another_instance() as one:
        yield one


async def test_a_key_is_shown_once_and_kept_as_a_hash(tenant: str) -> None:
    account = await make_account(tenant)
    key = await make_key(tenant, account)
    listed = await get(api.list_keys, tenant, account_id=account.json["id"])
    item = await container("auth").read_item(account.json["id"], [tenant, ACCESS])

    text = key.json["key"]
    assert key.status == 201
    assert text.startswith(key.json["prefix"] + "_")
    assert len(text.removeprefix(key.json["prefix"] + "_")) == 43
    assert [each["prefix"] for each in listed.json["items"]] == [key.json["prefix"]]
    assert "key" not in listed.json["items"][0]
    assert text not in str(item)
    assert len(item["key_hashes"][key.json["id"]]) == 64


@pytest.mark.parametrize("header", ["authorization", "x-api-key"])
async def test_a_key_opens_what_its_account_may_and_nothing_else(
    tenant: str, header: str, instance: Instance
) -> None:
    key = (await make_key(tenant, await make_account(tenant))).json["key"]
    headers = {
        "authorization": f"Bearer {key}" if header == "authorization" else "",
        "x-api-key": key if header == "x-api-key" else "",
    }
    assert await opens(headers) == 200
    body = {"email": "eve@example.com", "name": "Eve", "roles": ["member"]}
    assert (await call(users.create_user, body, headers=headers)).code == "forbidden"
    assert (await call(api.list_service_accounts, method="GET", headers=headers)).status == 403


async def test_a_known_key_costs_no_read_and_an_unknown_one_no_second(
    tenant: str, instance: Instance
) -> None:
    key = await make_key(tenant, await make_account(tenant))
    wrong = key.json["key"][:-1] + ("A" if key.json["key"][-1] != "A" else "B")
    unknown = f"cak_{tenant}.aaaaaaaaaaaaaaaa_" + "x" * 43
    for _ in range(5):
        assert await opens(keyed(key)) == 200
    assert instance.reads == 1
    for text in (wrong, unknown):
        for _ in range(3):
            assert await opens(keyed(text)) == 401
    assert instance.reads == 3
    for text in ("cak_", "cak_a_b", "cak_" + "x" * 5000, f"cak_{tenant}.aaaa_secret"):
        assert await opens(keyed(text)) == 401
    assert instance.reads == 3

    instance.later(seconds=6)
    assert await opens(keyed(wrong)) == 401
    assert instance.reads == 4


async def test_a_revoked_key_is_refused_within_seconds(tenant: str, instance: Instance) -> None:
    account = await make_account(tenant)
    key, other = await make_key(tenant, account), await make_key(tenant, account)
    assert await opens(keyed(key)) == 200
    for _ in range(2):
        assert (await revoke_key(tenant, account, key)).status == 204

    instance.looks_again()
    assert await opens(keyed(key)) == 401
    assert await opens(keyed(other)) == 200
    listed = (await get(api.list_keys, tenant, account_id=account.json["id"])).json["items"]
    assert [each["revoked_at"] is None for each in listed] == [True, False]


async def test_a_key_ends_by_itself(tenant: str, instance: Instance) -> None:
    account = await make_account(tenant)
    key = await make_key(tenant, account, expires_in_days=1)
    assert await opens(keyed(key)) == 200
    instance.later(hours=23, minutes=59)
    assert await opens(keyed(key)) == 200
    instance.later(minutes=2)
    assert await opens(keyed(key)) == 401


@pytest.mark.parametrize(
    "wish",
    [
        {"expires_in_days": 0},
        {"expires_in_days": 366},
        {"scopes": []},
        {"scopes": ["king:rule"]},
        {"name": ""},
        {"secret": "mine"},
    ],
)
async def test_a_bad_wish_for_a_key_is_refused(tenant: str, wish: dict[str, object]) -> None:
    assert (await make_key(tenant, await make_account(tenant), **wish)).code == "invalid"


async def test_keys_live_ninety_days_unless_said(tenant: str) -> None:
    key = await make_key(tenant, await make_account(tenant))
    made, ends = (datetime.fromisoformat(key.json[name]) for name in ("created_at", "expires_at"))
    assert (ends - made).days == 90


async def test_two_keys_live_at_once_so_that_they_can_be_rotated(tenant: str) -> None:
    account = await make_account(tenant)
    made = [await make_key(tenant, account) for _ in range(3)]
    assert [answer.status for answer in made] == [201, 201, 409]
    assert made[2].code == "too-many-keys"
    await revoke_key(tenant, account, made[0])
    assert (await make_key(tenant, account)).status == 201


async def test_of_many_keys_made_at_once_two_live(tenant: str) -> None:
    account = await make_account(tenant)
    made = await asyncio.gather(*(make_key(tenant, account) for _ in range(5)))
    assert sorted(answer.status for answer in made) == [201, 201, 409, 409, 409]


async def test_keys_that_ended_long_ago_are_forgotten(tenant: str) -> None:
    account = await make_account(tenant)
    made = []
    for _ in range(rules.MOST_KEPT_KEYS + 1):
        made.append(await make_key(tenant, account))
        await revoke_key(tenant, account, made[-1])
    listed = (await get(api.list_keys, tenant, account_id=account.json["id"])).json["items"]
    ids = [key.json["id"] for key in reversed(made)]
    assert [each["id"] for each in listed] == ids[: rules.MOST_KEPT_KEYS]


async def test_a_key_is_made_by_somebody_who_has_just_proven_who_they_are(tenant: str) -> None:
    account = await make_account(tenant, roles=["admin"])
    key = await make_key(tenant, account)
    for headers in (keyed(key), {**keyed(key), "idempotency-key": "k"}):
        refused = await call(
            api.create_key, {"name": "k"}, headers=headers, account_id=account.json["id"]
        )
        assert refused.code == "step-up-required"


async def test_whoever_made_a_key_is_told(tenant: str) -> None:
    await make_key(tenant, await make_account(tenant))
    (notice,) = await told_by("auth", tenant, SecurityNoticed)
    assert (notice["user_id"], notice["notice"]) == ("u-1", "api-key-created")
    assert notice["details"] == {"account": "Importer", "key": "nightly"}
    program = Caller(
        "s", tenant, somebody(tenant).roles, kind="service", authenticated_at=clock.now()
    )
    account = await make_account(tenant)
    made = await call(api.create_key, {"name": "k"}, caller=program, account_id=account.json["id"])
    assert made.status == 201
    assert len(await told_by("auth", tenant, SecurityNoticed)) == 1


async def test_when_a_key_was_last_used_is_written_at_most_once_a_minute(
    tenant: str, instance: Instance
) -> None:
    account = await make_account(tenant)
    key = await make_key(tenant, account)

    async def used() -> str | None:
        listed = await get(api.list_keys, tenant, account_id=account.json["id"])
        return listed.json["items"][0]["last_used_at"]  # type: ignore[no-any-return]  # JSON

    assert await used() is None
    await opens(keyed(key))
    first = await used()
    assert first is not None
    instance.later(seconds=59)
    await opens(keyed(key))
    assert await used() == first
    instance.later(seconds=2)
    await opens(keyed(key))
    assert (await used() or "") > first
    instance.later(minutes=16)
    await opens(keyed(key))
    assert instance.reads == 2


async def test_nobody_is_refused_for_a_note_that_cannot_be_written(
    caplog: pytest.LogCaptureFixture,
) -> None:
    uses = CosmosKeyUses(container("nowhere"))
    await uses.note(Caller("s", "t", frozenset()), "k", clock.now())
    assert "auth.key_use_not_noted" in caplog.text


async def test_what_is_remembered_is_bounded(tenant: str) -> None:
    role = await make_role(tenant, "Reader", "auth:read")
    given = [{"role_id": role.json["id"]}]
    key = await make_key(tenant, await make_account(tenant, roles=[], assignments=given))
    with another_instance(most=2) as instance:
        assert await opens(keyed(key)) == 200
        unknown = [f"cak_{tenant}.{'a' * 15}{letter}_{'x' * 43}" for letter in "abc"]
        for text in (*unknown, unknown[0]):
            assert await opens(keyed(text)) == 401
        assert instance.reads == 6
        assert await opens(keyed(key)) == 200
        assert instance.reads == 6
