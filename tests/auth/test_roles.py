"""Roles as data: made, changed, deleted, and never more than whoever made them may."""

import asyncio

import pytest

from functions.auth import wiring
from functions.auth.api import permissions, service_accounts
from functions.auth.api import roles as api
from functions.auth.domain import roles as rules
from functions.auth.service.roles import Leaving, RoleService
from shared.platform import clock
from tests.auth.access import (
    READING,
    assign,
    change_account,
    change_role,
    delete_role,
    get,
    limited,
    make_account,
    make_role,
)
from tests.auth.people import create
from tests.support.http import call, somebody

pytestmark = pytest.mark.usefixtures("records")


async def test_a_role_is_made_of_permissions_and_listed_behind_those_of_the_system(
    tenant: str,
) -> None:
    role = await make_role(tenant)
    listed = (await get(api.list_roles, tenant)).json["items"]

    assert (role.status, role.json["system"]) == (201, False)
    assert sorted(role.json["permissions"]) == READING
    named = ["admin", "dispatcher", "driver", "member", "Auditor"]
    assert [each["name"] for each in listed] == named
    read = await get(api.read_role, tenant, role_id=role.json["id"])
    assert (read.json, read.etag) == (role.json, role.etag)


async def test_system_roles_can_be_read_and_nothing_else(tenant: str) -> None:
    role = await get(api.read_role, tenant, role_id="driver")

    assert role.json["system"] is True
    assert "trips:drive" in role.json["permissions"]
    assert (await change_role(tenant, role, name="Pilot")).code == "system-role"
    assert (await delete_role(tenant, role)).code == "system-role"


async def test_permissions_are_those_of_the_app(tenant: str) -> None:
    known = (await get(api.list_permissions, tenant)).json["items"]
    refused = await make_role(tenant, "King", "country:rule")

    assert {"auth:roles", "trips:read"} < set(known)
    assert (refused.status, refused.json["fields"][0]["at"]) == (422, "permissions.0")


async def test_a_name_belongs_to_one_role_until_it_is_given_up(tenant: str) -> None:
    first = await make_role(tenant)
    assert (await make_role(tenant, "  auditor")).code == "role-name-taken"
    other = await make_role(tenant, "Reader")
    assert (await change_role(tenant, other, name="AUDITOR")).code == "role-name-taken"

    assert (await change_role(tenant, first, name="Inspector")).json["name"] == "Inspector"
    assert (await change_role(tenant, other, name="Auditor")).status == 200
    assert (await delete_role(tenant, other)).status == 204
    assert (await make_role(tenant)).status == 201


async def test_of_two_roles_with_one_name_at_once_one_is_made(tenant: str) -> None:
    both = await asyncio.gather(*(make_role(tenant) for _ in range(2)))
    assert sorted(answer.status for answer in both) == [201, 409]


async def test_a_change_needs_the_version_it_was_made_from(tenant: str) -> None:
    role = await make_role(tenant)
    for headers, code in (({}, "if-match-required"), ({"if-match": '"old"'}, "stale")):
        for function, method in ((api.change_role, "PATCH"), (api.delete_role, "DELETE")):
            refused = await call(
                function,
                {} if method == "PATCH" else None,
                method=method,
                caller=somebody(tenant),
                headers=headers,
                role_id=role.json["id"],
            )
            assert refused.code == code


async def test_every_change_of_a_role_stands_in_its_trail(tenant: str) -> None:
    role = await make_role(tenant)
    await change_role(tenant, role, description="Reads all.", permissions=["trips:read"])
    trail = (await get(api.read_role_audit, tenant, role_id=role.json["id"])).json

    assert (trail["intact"], [each["action"] for each in trail["entries"]]) == (
        True,
        ["create role", "change role"],
    )
    assert trail["entries"][1]["changes"]["description"] == ["", "Reads all."]


async def test_nobody_makes_a_role_that_may_do_what_they_may_not(tenant: str) -> None:
    helper = limited(tenant, "auth:roles", "trips:read")
    body = {"name": "Mine", "permissions": ["trips:read", "auth:write"]}
    refused = await call(api.create_role, body, caller=helper)
    assert (refused.status, refused.code) == (403, "rights-not-held")
    assert refused.json["permissions"] == ["auth:write"]

    body["permissions"] = ["trips:read"]
    assert (await call(api.create_role, body, caller=helper)).status == 201


async def test_nobody_adds_to_a_role_what_they_may_not_do(tenant: str) -> None:
    role = await make_role(tenant)
    helper = limited(tenant, "auth:roles")

    async def change(*permissions: str) -> str | int:
        answer = await call(
            api.change_role,
            {"permissions": list(permissions)},
            method="PATCH",
            caller=helper,
            headers={"if-match": "*"},
            role_id=role.json["id"],
        )
        return answer.code if answer.status != 200 else 200

    assert await change(*READING, "auth:write") == "rights-not-held"
    assert await change("trips:read") == 200


async def test_a_role_that_somebody_has_is_not_deleted(tenant: str) -> None:
    role, user = await make_role(tenant), await create(tenant)
    account = await make_account(tenant, assignments=[{"role_id": role.json["id"]}])
    await assign(tenant, user, role.json["id"])
    refused = await delete_role(tenant, role)
    assert (refused.code, refused.json["holders"]) == ("role-assigned", 2)

    await change_account(tenant, account, assignments=[])
    assert (await delete_role(tenant, role)).json["holders"] == 1


async def test_a_role_is_deleted_when_another_takes_its_place(tenant: str) -> None:
    role, other = await make_role(tenant), await make_role(tenant, "Reader", "trips:read")
    user = await create(tenant)
    account = await make_account(tenant, assignments=[{"role_id": role.json["id"]}])
    for each in (role, other):
        await assign(tenant, user, each.json["id"])
    await assign(tenant, user, role.json["id"], department_id="d-1")
    assert (await delete_role(tenant, role, reassign_to=other.json["id"])).status == 204

    users = (await get(permissions.list_user_roles, tenant, user_id=user.json["id"])).json
    kept = await get(service_accounts.read_service_account, tenant, account_id=account.json["id"])
    has = [(each["role_id"], each["department_id"]) for each in users["assignments"]]
    assert has == [(other.json["id"], None), (other.json["id"], "d-1")]
    assert [each["role_id"] for each in kept.json["assignments"]] == [other.json["id"]]
    assert (await get(api.read_role, tenant, role_id=role.json["id"])).status == 404


async def test_a_role_that_many_have_is_deleted_in_several_goes(tenant: str) -> None:
    role, other = await make_role(tenant), await make_role(tenant, "Reader", "trips:read")
    for number in range(3):
        user = await create(tenant, f"u{number}@example.com")
        await assign(tenant, user, role.json["id"])
    parts = (wiring.holders(), wiring.service_accounts_kept())
    leaving = Leaving(*parts, wiring.rights(), wiring.service_accounts(), most=2)
    with wiring.roles.replaced_by(RoleService(wiring.custom_roles(), leaving, clock.now)):
        first = await delete_role(tenant, role, reassign_to=other.json["id"])
        assert (first.code, first.json["holders"]) == ("role-assigned", 1)
        assert (await delete_role(tenant, role, reassign_to=other.json["id"])).status == 204
    assert (await delete_role(tenant, other)).json["holders"] == 3


@pytest.mark.parametrize("to", ["itself", "nobody", "driver"])
async def test_only_another_role_of_ones_own_takes_the_place(tenant: str, to: str) -> None:
    role = await make_role(tenant)
    to = role.json["id"] if to == "itself" else to
    assert (await delete_role(tenant, role, reassign_to=to)).code == "unknown-role"


async def test_nobody_reassigns_to_a_role_that_may_do_what_they_may_not(tenant: str) -> None:
    role, strong = await make_role(tenant), await make_role(tenant, "Strong", "auth:write")
    refused = await call(
        api.delete_role,
        method="DELETE",
        caller=limited(tenant, "auth:roles"),
        headers={"if-match": "*"},
        query={"reassign_to": strong.json["id"]},
        role_id=role.json["id"],
    )
    assert refused.code == "rights-not-held"


async def test_a_role_of_another_tenant_is_not_found(tenant: str) -> None:
    role = await make_role(f"{tenant}-other")
    assert (await get(api.read_role, tenant, role_id=role.json["id"])).status == 404
    assert (await change_role(tenant, role, name="Mine")).status == 404


async def test_a_tenant_has_not_endlessly_many_roles(
    tenant: str,
) -> None:
    names = [f"Role {number}" for number in range(rules.MOST_ROLES)]
    for start in range(0, len(names), 20):
        await asyncio.gather(*(make_role(tenant, name) for name in names[start : start + 20]))
    assert (await make_role(tenant, "One more")).code == "too-many-roles"
