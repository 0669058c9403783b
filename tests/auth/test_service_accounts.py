"""Service accounts: what they may do, who may say so, and what becomes of their keys."""

from collections.abc import Generator

import pytest

from functions.auth.api import service_accounts as api
from functions.auth.api import users
from shared.identity.custom_roles import Assignment
from shared.identity.scopes import Grant, Scope
from shared.identity.verifying import role_book
from tests.auth.access import (
    caller_of,
    change_account,
    change_role,
    get,
    keyed,
    limited,
    make_account,
    make_key,
    make_role,
    opens,
    revoke_key,
)
from tests.auth.instances import Instance, another_instance
from tests.auth.people import create
from tests.support.http import Answer, call, somebody

pytestmark = pytest.mark.usefixtures("records")


@pytest.fixture
def instance() -> Generator[Instance]:
    with another_instance() as one:
        yield one


@pytest.mark.parametrize("end", ["disabled", "deleted"])
async def test_the_keys_of_an_account_end_with_it(
    tenant: str, end: str, instance: Instance
) -> None:
    account = await make_account(tenant)
    key = await make_key(tenant, account)
    assert await opens(keyed(key)) == 200
    if end == "disabled":
        await change_account(tenant, account, active=False)
    else:
        deleted = await call(
            api.delete_service_account,
            method="DELETE",
            caller=somebody(tenant),
            headers={"if-match": account.etag},
            account_id=account.json["id"],
        )
        assert deleted.code == "stale"
        deleted = await call(
            api.delete_service_account,
            method="DELETE",
            caller=somebody(tenant),
            headers={"if-match": "*"},
            account_id=account.json["id"],
        )
        assert deleted.status == 204

    instance.looks_again()
    assert await opens(keyed(key)) == 401
    if end == "disabled":
        await change_account(tenant, account, active=True)
        instance.later(seconds=6)
        assert await opens(keyed(key)) == 200


async def test_an_account_with_other_rights_has_them_within_seconds(
    tenant: str, instance: Instance
) -> None:
    role = await make_role(tenant, "Reader", "auth:read")
    account = await make_account(tenant, roles=["member"])
    key = await make_key(tenant, account)
    assert await opens(keyed(key)) == 403
    await change_account(tenant, account, assignments=[{"role_id": role.json["id"]}])
    instance.looks_again()
    assert await opens(keyed(key)) == 200
    await change_role(tenant, role, permissions=["audit:read"])
    instance.looks_again()
    assert await opens(keyed(key)) == 403
    reads = instance.reads
    assert await opens(keyed(key)) == 403
    assert instance.reads == reads


async def test_a_key_for_less_does_less(tenant: str, instance: Instance) -> None:
    account = await make_account(
        tenant, assignments=[{"role_id": "driver", "department_id": "d-1"}]
    )
    key = await make_key(tenant, account, scopes=["trips:read", "trips:drive"])
    caller = await caller_of(key)

    assert await opens(keyed(key)) == 403
    assert caller.permissions == {"trips:read"}
    assert caller.may("trips:drive", department_id="d-1")
    assert not caller.may("geofencing:report", department_id="d-1")
    assert (await make_key(tenant, account, scopes=["auth:write"])).code == "beyond-account"


async def test_nobody_makes_an_account_that_may_do_what_they_may_not(tenant: str) -> None:
    helper = limited(tenant, "auth:keys", "trips:read")
    strong = await make_account(tenant, roles=["admin"])

    async def made(**body: object) -> str:
        wish = {"name": "Mine", **body}
        return (await call(api.create_service_account, wish, caller=helper)).code

    assert await made(roles=["driver"]) == "rights-not-held"
    assert await made(assignments=[{"role_id": "driver", "system": "s"}]) == "rights-not-held"
    assert await made(assignments=[{"role_id": "nobody"}]) == "unknown-role"
    route = {"account_id": strong.json["id"]}
    stolen = await call(api.create_key, {"name": "mine"}, caller=helper, **route)
    assert stolen.code == "rights-not-held"
    less = {"name": "mine", "scopes": ["trips:read"]}
    assert (await call(api.create_key, less, caller=helper, **route)).status == 201
    widened = await call(
        api.change_service_account,
        {"roles": ["admin", "driver", "member"]},
        method="PATCH",
        caller=helper,
        headers={"if-match": "*"},
        account_id=(await make_account(tenant, roles=["member"])).json["id"],
    )
    assert widened.code == "rights-not-held"


async def test_what_an_account_has_may_stay_whoever_changes_it(tenant: str) -> None:
    driving = {"role_id": "driver", "system": "fleet"}
    account = await make_account(tenant, assignments=[driving])
    helper = limited(tenant, "auth:keys")

    async def change(*given: dict[str, str]) -> Answer:
        return await call(
            api.change_service_account,
            {"assignments": list(given)},
            method="PATCH",
            caller=helper,
            headers={"if-match": "*"},
            account_id=account.json["id"],
        )

    kept = await change(driving)
    assert kept.json["assignments"] == account.json["assignments"]
    assert (await change(driving, {**driving, "system": "crm"})).code == "rights-not-held"


async def test_a_key_of_rights_within_a_scope_needs_them_there(tenant: str) -> None:
    role = await make_role(tenant, "Reader", "trips:read")
    here = [{"role_id": role.json["id"], "department_id": "d-1"}]
    account = await make_account(tenant, roles=[], assignments=here)
    within = Grant(frozenset({"trips:read"}), Scope(department_id="d-1"))
    for scoped, status in (((within,), 201), ((), 403)):
        helper = limited(tenant, "auth:keys", scoped=scoped)
        made = await call(
            api.create_key, {"name": "k"}, caller=helper, account_id=account.json["id"]
        )
        assert made.status == status


async def test_what_a_key_does_stands_under_its_accounts_name(
    tenant: str, instance: Instance
) -> None:
    account = await make_account(tenant, roles=["admin"])
    key = await make_key(tenant, account)
    body = {"email": "eve@example.com", "name": "Eve", "roles": ["member"]}
    user = await call(users.create_user, body, headers=keyed(key))
    trail = await get(users.read_user_audit, tenant, user_id=user.json["id"])

    actor = trail.json["entries"][0]["actor"]
    assert actor == {"kind": "service", "id": account.json["id"]}


async def test_every_change_is_in_the_trail_without_a_secret(tenant: str) -> None:
    account = await make_account(tenant)
    key = await make_key(tenant, account)
    await change_account(tenant, account, description="Nightly.")
    await revoke_key(tenant, account, key)
    account_id = account.json["id"]
    trail = (await get(api.read_service_account_audit, tenant, account_id=account_id)).json

    assert trail["intact"] is True
    assert [each["action"] for each in trail["entries"]] == [
        "create service account",
        "create key",
        "change service account",
        "revoke key",
    ]
    assert trail["entries"][1]["changes"]["key_hashes"] == ["(hidden)", "(hidden)"]
    assert key.json["key"] not in str(trail)


async def test_roles_that_are_remembered_are_bounded(tenant: str) -> None:
    made = [await make_role(tenant, f"Role {n}") for n in range(3)]
    given = [Assignment(id="a", role_id=role.json["id"]) for role in made]
    with another_instance(most=2) as instance:
        for each in (*given, given[2]):
            assert await role_book().of(tenant, [each])
        assert instance.reads == 3
        await role_book().of(tenant, given[:1])
        assert instance.reads == 4
        instance.later(minutes=6)
        await role_book().of(tenant, given[:1])
        assert instance.reads == 5


async def test_accounts_are_listed_and_belong_to_one_tenant(tenant: str) -> None:
    account = await make_account(tenant)
    listed = await get(api.list_service_accounts, tenant)
    assert [each["id"] for each in listed.json["items"]] == [account.json["id"]]
    stranger = f"{tenant}-other"
    for function in (api.read_service_account, api.list_keys, api.read_service_account_audit):
        seen = await get(function, stranger, account_id=account.json["id"])
        assert seen.status == 404
    assert (await make_key(stranger, account)).status == 404
    assert (await revoke_key(tenant, account, account)).status == 404
    assert (await get(api.read_service_account, tenant, account_id=account.json["id"])).etag


async def test_a_key_is_no_user(tenant: str, instance: Instance) -> None:
    await create(tenant)
    key = await make_key(tenant, await make_account(tenant))
    assert (await call(users.read_me, method="GET", headers=keyed(key))).status == 404
