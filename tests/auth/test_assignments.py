"""What somebody may do: where, why, and for how long after it was taken away."""

import asyncio
from collections.abc import Generator

import azure.functions as func
import pytest

from functions.auth.api import introspection, roles, users
from functions.auth.api import permissions as api
from shared.identity.caller import Caller
from shared.identity.custom_roles import Assignment, CustomRole
from shared.identity.permissions import Role
from shared.identity.rights import Rights, read_rights, rights_of
from shared.identity.scopes import Grant, Scope
from shared.identity.verifying import verifier
from shared.platform import clock
from tests.auth.access import READING, assign, change_role, delete_role, get, limited, make_role
from tests.auth.instances import Instance, another_instance
from tests.auth.people import bearer, create, log_in, refresh
from tests.support.cosmos_requests import requests_to_cosmos
from tests.support.http import Answer, call, somebody

pytestmark = pytest.mark.usefixtures("records")


@pytest.fixture
def instance() -> Generator[Instance]:
    with another_instance() as one:
        yield one


async def caller_of(tokens: Answer) -> Caller:
    return await verifier()(bearer(tokens)["authorization"])


async def listing(tokens: Answer) -> int:
    """Listing roles needs `auth:read`, which drivers have not."""
    return (await call(roles.list_roles, method="GET", headers=bearer(tokens))).status


async def withdraw(tenant: str, user: Answer, assignment: Answer, etag: str = "*") -> Answer:
    return await call(
        api.withdraw_role,
        method="DELETE",
        caller=somebody(tenant),
        headers={"if-match": etag},
        user_id=user.json["id"],
        assignment_id=assignment.json["id"],
    )


async def test_a_custom_role_is_in_the_token_and_costs_no_read(
    tenant: str, instance: Instance
) -> None:
    role, user = await make_role(tenant, "Reader", "auth:read"), await create(tenant)
    assert await listing(await log_in(tenant)) == 403
    await assign(tenant, user, role.json["id"])
    tokens = await log_in(tenant)
    reads = instance.reads

    assert await listing(tokens) == 200
    assert (await caller_of(await log_in(tenant))).may("auth:read")
    assert (instance.reads, reads) == (1, 1)


async def test_a_changed_role_is_refused_within_seconds_and_new_after_a_refresh(
    tenant: str, instance: Instance
) -> None:
    role, user = await make_role(tenant, "Reader", "auth:read"), await create(tenant)
    await assign(tenant, user, role.json["id"])
    before = await log_in(tenant)
    assert await listing(before) == 200
    await change_role(tenant, role, permissions=["audit:read"])

    instance.looks_again()
    assert await listing(before) == 401
    after = await refresh(before)
    assert await listing(after) == 403
    assert (await caller_of(after)).may("audit:read")


async def test_a_custom_role_costs_a_login_one_read_and_a_refresh_none(tenant: str) -> None:
    role, user = await make_role(tenant, "Reader", "auth:read"), await create(tenant)
    await assign(tenant, user, role.json["id"])
    await refresh(await log_in(tenant))  # what the SDK asks once for each container is asked
    with requests_to_cosmos() as seen:
        with another_instance():
            tokens = await log_in(tenant)
            assert len(seen.asked) == 3
        for _ in range(2):
            with another_instance():
                seen.forget()
                tokens = await refresh(tokens)
                assert tokens.status == 200
                assert len(seen.asked) == 2
                assert (await caller_of(tokens)).may("auth:read")


async def test_another_name_of_a_role_ends_nothing(tenant: str, instance: Instance) -> None:
    role, user = await make_role(tenant, "Reader", "auth:read"), await create(tenant)
    await assign(tenant, user, role.json["id"])
    tokens = await log_in(tenant)
    await change_role(tenant, role, name="Watcher")
    instance.looks_again()
    assert await listing(tokens) == 200


async def test_what_is_withdrawn_is_gone_within_seconds(tenant: str, instance: Instance) -> None:
    role, user = await make_role(tenant, "Reader", "auth:read"), await create(tenant)
    assigned = await assign(tenant, user, role.json["id"])
    tokens = await log_in(tenant)
    assert (await withdraw(tenant, user, assigned, '"old"')).code == "stale"
    assert (await withdraw(tenant, user, assigned, assigned.etag)).status == 204
    assert (await withdraw(tenant, user, assigned)).status == 404

    instance.looks_again()
    assert await listing(tokens) == 401
    assert await listing(await refresh(tokens)) == 403


async def test_a_deleted_role_is_refused_within_seconds(tenant: str, instance: Instance) -> None:
    role, other = await make_role(tenant, "Reader", "auth:read"), await make_role(tenant)
    user = await create(tenant)
    await assign(tenant, user, role.json["id"])
    tokens = await log_in(tenant)
    assert (await delete_role(tenant, role, reassign_to=other.json["id"])).status == 204

    instance.looks_again()
    assert await listing(tokens) == 401
    assert await listing(await refresh(tokens)) == 403


async def test_a_role_for_one_department_holds_there_alone(tenant: str) -> None:
    user = await create(tenant)
    assigned = await assign(tenant, user, "dispatcher", department_id="d-1", system="fleet")
    caller = await caller_of(await log_in(tenant))

    assert assigned.status == 201
    assert caller.may("trips:write", department_id="d-1", system="fleet")
    assert not caller.may("trips:write", department_id="d-1")
    assert not caller.may("trips:write", department_id="d-2", system="fleet")
    assert not caller.may("trips:write")
    assert not caller.may("auth:write", department_id="d-1", system="fleet")


async def test_other_systems_are_told_what_holds_for_them(tenant: str) -> None:
    role, user = await make_role(tenant), await create(tenant, roles=["member"])
    await assign(tenant, user, role.json["id"], system="fleet")
    token = (await log_in(tenant)).json["access_token"]
    told = (await call(introspection.verify, {"token": token})).json

    assert told["kind"] == "user"
    assert "documents:read" in told["scope"].split()
    assert told["scoped"] == [
        {"permissions": READING, "system": "fleet", "department_id": None, "resource": None}
    ]


async def test_a_role_for_one_thing_opens_its_routes_and_no_others(tenant: str) -> None:
    user, other = await create(tenant), await create(tenant, "bea@example.com")
    await assign(tenant, user, "dispatcher", resource=f"users/{user.json['id']}")
    headers = bearer(await log_in(tenant))

    async def reading(user_id: str, path: str) -> int:
        request = func.HttpRequest(
            method="GET",
            url=f"http://127.0.0.1:7071/api/v1/users/{path}",
            headers=headers,
            params={},
            route_params={"user_id": user_id},
            body=b"",
        )
        return int((await users.read_user(request)).status_code)

    mine, theirs = user.json["id"], other.json["id"]
    assert await reading(mine, mine) == 200
    assert await reading(theirs, theirs) == 403
    assert await reading(theirs, mine) == 403
    assert await listing(await log_in(tenant)) == 403


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"role_id": "driver"}, "assigned-everywhere"),
        ({"role_id": "nobody"}, "unknown-role"),
        ({"role_id": "driver", "resource": "../users"}, "invalid"),
        ({"role_id": "driver", "planet": "mars"}, "invalid"),
    ],
)
async def test_a_bad_assignment_is_refused(tenant: str, wish: dict[str, str], code: str) -> None:
    assert (await assign(tenant, await create(tenant), **wish)).code == code


async def test_the_same_assignment_twice_is_one(tenant: str) -> None:
    user = await create(tenant)
    first, second = [await assign(tenant, user, "member", system="crm") for _ in range(2)]
    assert (first.json, first.etag) == (second.json, second.etag)


async def test_assignments_at_once_are_all_kept(tenant: str) -> None:
    user = await create(tenant)
    given = await asyncio.gather(
        *(assign(tenant, user, "member", system=f"s-{number}") for number in range(6))
    )
    assert [answer.status for answer in given] == [201] * 6
    kept = await get(api.list_user_roles, tenant, user_id=user.json["id"])
    assert len(kept.json["assignments"]) == 6


async def test_nobody_has_endlessly_many(tenant: str) -> None:
    user = await create(tenant)
    given = [await assign(tenant, user, "member", system=f"s-{n}") for n in range(21)]
    assert given[19].status == 201
    assert given[20].code == "too-many-assignments"


async def test_nobody_has_more_than_a_token_has_room_for(tenant: str) -> None:
    user = await create(tenant)
    given = [await assign(tenant, user, "admin", system=f"s-{n}") for n in range(15)]
    assert given[-1].code == "too-many-assignments"


async def test_nobody_gives_a_role_that_may_do_what_they_may_not(tenant: str) -> None:
    role, user = await make_role(tenant, "Strong", "auth:write"), await create(tenant)
    within = Grant(frozenset({"auth:write"}), Scope(department_id="d-1"))
    helper = limited(tenant, "auth:roles", scoped=(within,))

    async def give(**scope: str) -> Answer:
        body = {"role_id": role.json["id"], **scope}
        return await call(api.assign_role, body, caller=helper, user_id=user.json["id"])

    assert (await give()).json["permissions"] == ["auth:write"]
    assert (await give(department_id="d-2")).code == "rights-not-held"
    assert (await give(department_id="d-1")).status == 201
    assert (await give(department_id="d-1", system="crm")).status == 201


@pytest.mark.parametrize("role", ["admin", "dispatcher"])
async def test_nobody_makes_a_user_more_than_they_are(tenant: str, role: str) -> None:
    helper = limited(tenant, "auth:write")
    body = {"email": "cleo@example.com", "name": "Cleo", "roles": [role]}
    assert (await call(users.create_user, body, caller=helper)).code == "rights-not-held"
    user = await create(tenant)
    refused = await call(
        users.change_user,
        {"roles": ["driver", role]},
        method="PATCH",
        caller=helper,
        headers={"if-match": "*"},
        user_id=user.json["id"],
    )
    assert refused.code == "rights-not-held"


async def test_every_permission_is_explained(tenant: str) -> None:
    role = await make_role(tenant, "Auditor", "audit:read", "calls:read")
    user = await create(tenant, roles=["member"])
    everywhere = await assign(tenant, user, role.json["id"])
    await assign(tenant, user, "dispatcher", department_id="d-1")
    told = (await get(api.explain_permissions, tenant, user_id=user.json["id"])).json
    why = {each["permission"]: each for each in told["items"]}

    assert (told["active"], list(why)) == (True, sorted(why))
    assert why["calls:read"]["everywhere"] is True
    assert [each["role_name"] for each in why["calls:read"]["given_by"]] == [
        "member",
        "Auditor",
        "dispatcher",
    ]
    assert why["audit:read"]["given_by"][0]["assignment_id"] == everywhere.json["id"]
    assert why["trips:write"]["everywhere"] is False
    assert why["trips:write"]["given_by"][0]["department_id"] == "d-1"
    assert "auth:write" not in why


async def test_what_is_explained_is_what_the_token_gives(tenant: str) -> None:
    role, user = await make_role(tenant), await create(tenant)
    await assign(tenant, user, role.json["id"])
    told = (await get(api.explain_permissions, tenant, user_id=user.json["id"])).json
    caller = await caller_of(await log_in(tenant))
    assert {each["permission"] for each in told["items"]} == caller.permissions


async def test_of_a_role_that_is_gone_nothing_is_left(tenant: str) -> None:
    gone = Assignment(id="a", role_id="gone")
    assert rights_of([gone], {}) == Rights()
    assert Rights().claims() == {}
    old = role_of(tenant, "flying:carpets", "trips:read")
    known = rights_of([Assignment(id="a", role_id="r")], {"r": old})
    assert known.permissions == {"trips:read"}


def role_of(tenant: str, *permissions: str) -> CustomRole:
    now = clock.now()
    return CustomRole(
        id="r",
        tenant_id=tenant,
        name="R",
        permissions=frozenset(permissions),
        created_at=now,
        changed_at=now,
    )


async def test_rights_are_the_same_behind_a_token(tenant: str) -> None:
    given = [
        Assignment(id="a", role_id="r"),
        Assignment(id="b", role_id="driver", department_id="d-1"),
        Assignment(id="c", role_id="r", resource="trips/1"),
    ]
    rights = rights_of(given, {"r": role_of(tenant, "trips:read", "audit:read")})
    assert read_rights(rights.claims()) == rights
    assert [grant.scope for grant in rights.scoped] == [Scope(department_id="d-1")]


async def test_what_a_token_has_no_room_for_is_left_out() -> None:
    given = [Assignment(id=str(n), role_id="admin", system=f"s-{n}") for n in range(20)]
    rights = rights_of(given, {})
    fitting = rights.that_fit()
    assert rights.too_long
    assert not fitting.too_long
    assert fitting.scoped == rights.scoped[: len(fitting.scoped)] != ()


async def test_a_role_that_grew_too_long_leaves_its_owner_a_login(tenant: str) -> None:
    role, user = await make_role(tenant, "Small", "trips:read"), await create(tenant)
    for number in range(15):
        given = await assign(tenant, user, role.json["id"], system=f"s-{number}")
        assert given.status == 201
    everything = (await get(roles.list_permissions, tenant)).json["items"]
    await change_role(tenant, role, permissions=everything)
    caller = await caller_of(await log_in(tenant))
    assert 0 < len(caller.scoped) < 15


async def test_the_last_administrator_stays(tenant: str) -> None:
    first = await create(tenant, roles=["admin"])
    second = await create(tenant, "bea@example.com", roles=["admin", "driver"])

    async def change(user: Answer, **wish: object) -> Answer:
        return await call(
            users.change_user,
            wish,
            method="PATCH",
            caller=somebody(tenant),
            headers={"if-match": "*"},
            user_id=user.json["id"],
        )

    assert (await change(second, roles=["admin"])).status == 200
    assert (await change(second, active=False)).status == 200
    assert (await change(second, roles=["driver"])).status == 200
    for wish in ({"roles": ["driver"]}, {"active": False}):
        assert (await change(first, **wish)).code == "last-administrator"


async def test_of_two_administrators_who_remove_each_other_one_stays(tenant: str) -> None:
    both = [await create(tenant, f"{n}@example.com", roles=["admin"]) for n in "ab"]

    async def disable(user: Answer) -> int:
        answer = await call(
            users.change_user,
            {"active": False},
            method="PATCH",
            caller=somebody(tenant),
            headers={"if-match": "*"},
            user_id=user.json["id"],
        )
        return answer.status

    answers = await asyncio.gather(*(disable(user) for user in both))
    assert answers.count(200) == 1
    assert set(answers) <= {200, 409, 412}


def test_a_caller_of_today_is_as_before() -> None:
    caller = Caller("u", "t", frozenset({Role.DRIVER}), "Ann")
    assert caller.may("trips:drive")
    assert not caller.may("trips:write", resource="trips/1")
    assert (caller.kind, caller.scoped) == ("user", ())
