"""Departments: a tree that stays one, whoever moves what at the same time."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.auth.api import departments as api
from functions.auth.api import users
from functions.auth.domain import departments as domain
from functions.auth.domain.departments import Department, Departments
from functions.auth.domain.refusals import (
    DepartmentCycle,
    DepartmentTooDeep,
    TooManyDepartments,
)
from functions.auth.wiring import departments
from functions.auth.wiring import users as kept_users
from shared.errors import Refusal
from shared.identity.permissions import Role
from shared.platform import clock
from shared.records.document import Stored
from tests.auth.people import change as change_user
from tests.auth.people import create as create_user
from tests.support.http import Answer, call, somebody

pytestmark = pytest.mark.usefixtures("records")


async def create(tenant: str, name: str, parent: Answer | None = None) -> Answer:
    wish = {"name": name, "parent_id": parent.json["id"] if parent else None}
    return await call(api.create, wish, caller=somebody(tenant))


async def change(tenant: str, which: Answer, if_match: str = "*", **wish: Any) -> Answer:
    return await call(
        api.change,
        wish,
        method="PATCH",
        caller=somebody(tenant),
        headers={"if-match": if_match},
        department_id=which.json["id"],
    )


async def delete(tenant: str, which: Answer, if_match: str = "*") -> Answer:
    return await call(
        api.delete,
        method="DELETE",
        caller=somebody(tenant),
        headers={"if-match": if_match},
        department_id=which.json["id"],
    )


async def paths(tenant: str) -> list[str]:
    answer = await call(api.list_all, method="GET", caller=somebody(tenant))
    return ["/".join(item["path"]) for item in answer.json["items"]]


async def test_a_tree_grows_and_is_moved_with_all_below(tenant: str) -> None:
    sales = await create(tenant, "Sales")
    north = await create(tenant, " North ", sales)
    await create(tenant, "Team 1", north)
    works = await create(tenant, "Works")
    assert (north.status, north.json["path"]) == (201, ["Sales", "North"])
    assert await paths(tenant) == ["Sales", "Sales/North", "Sales/North/Team 1", "Works"]

    moved = await change(tenant, north, north.etag, parent_id=works.json["id"], name="Nørth")
    assert (moved.status, moved.json["path"]) == (200, ["Works", "Nørth"])
    assert await paths(tenant) == ["Sales", "Works", "Works/Nørth", "Works/Nørth/Team 1"]
    top = await change(tenant, north, moved.etag, parent_id=None)
    assert top.json["path"] == ["Nørth"]


async def test_a_path_is_read_as_it_is_now(tenant: str) -> None:
    sales = await create(tenant, "Sales")
    north = await create(tenant, "North", sales)
    await change(tenant, sales, name="Verkauf")
    read = await call(
        api.read,
        method="GET",
        caller=somebody(tenant),
        headers={"if-none-match": north.etag},
        department_id=north.json["id"],
    )

    assert (read.status, read.json["path"]) == (200, ["Verkauf", "North"])
    assert read.etag == north.etag  # it was not changed itself


async def test_nothing_stands_below_itself(tenant: str) -> None:
    top = await create(tenant, "A")
    middle = await create(tenant, "B", top)
    low = await create(tenant, "C", middle)

    for below in (top, middle, low):
        answer = await change(tenant, top, parent_id=below.json["id"])
        assert (answer.status, answer.code) == (409, "department-cycle")


async def test_two_who_move_below_each_other_do_not_make_a_circle(tenant: str) -> None:
    for _ in range(5):
        one, other = await create(tenant, "One"), await create(tenant, "Other")
        answers = await asyncio.gather(
            change(tenant, one, one.etag, parent_id=other.json["id"]),
            change(tenant, other, other.etag, parent_id=one.json["id"]),
        )
        assert sorted(answer.status for answer in answers) == [200, 409]
        for each in (one, other, one):
            await delete(tenant, each)


async def test_many_at_once_each_find_their_place(tenant: str) -> None:
    made = await asyncio.gather(*(create(tenant, f"D{n}") for n in range(5)))
    same = await asyncio.gather(*(create(tenant, "Same") for _ in range(3)))

    assert [answer.status for answer in made] == [201] * 5
    assert sorted(answer.status for answer in same) == [201, 409, 409]
    assert {answer.code for answer in same if answer.status == 409} == {"department-name-taken"}


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"name": "Sales"}, 409, "department-name-taken"),
        ({"name": "SÁLES"}, 409, "department-name-taken"),
        ({"name": "X", "parent_id": "nowhere"}, 422, "unknown-department"),
        ({"name": "a/b"}, 422, "invalid"),
        ({"name": " "}, 422, "invalid"),
        ({}, 422, "invalid"),
    ],
)
async def test_what_fits_nowhere_is_refused(
    tenant: str, wish: dict[str, str], status: int, code: str
) -> None:
    await create(tenant, "Sales")
    answer = await call(api.create, wish, caller=somebody(tenant))
    assert (answer.status, answer.code) == (status, code)


async def test_nothing_changed_is_no_collision_with_itself(tenant: str) -> None:
    sales = await create(tenant, "Sales")
    assert (await change(tenant, sales, name="sales")).json["name"] == "sales"
    assert (await change(tenant, sales, name=None)).json["name"] == "sales"


async def test_a_department_in_use_stays(tenant: str) -> None:
    sales = await create(tenant, "Sales")
    north = await create(tenant, "North", sales)
    user = await create_user(tenant, department_id=north.json["id"])
    assert user.json["department_id"] == north.json["id"]

    assert (await delete(tenant, sales)).code == "department-in-use"
    assert (await delete(tenant, north)).code == "department-in-use"
    await change_user(tenant, user, department_id=None)
    assert (await delete(tenant, north, north.etag)).status == 204
    assert (await delete(tenant, sales)).status == 204
    assert (await delete(tenant, sales)).code == "not-found"
    assert await paths(tenant) == []


async def test_who_is_in_a_department_that_is_gone(tenant: str) -> None:
    sales = await create(tenant, "Sales")
    user = await create_user(tenant)
    await delete(tenant, sales)

    moved = await change_user(tenant, user, department_id=sales.json["id"])
    new = await create_user(tenant, "bea@example.com", department_id=sales.json["id"])
    assert (moved.status, moved.code) == (422, "unknown-department")
    assert (new.status, new.json["fields"][0]["at"]) == (422, "department_id")


async def test_nobody_comes_into_a_department_while_it_goes(tenant: str) -> None:
    for number in range(5):
        sales = await create(tenant, "Sales")
        gone, come = await asyncio.gather(
            delete(tenant, sales),
            create_user(tenant, f"u{number}@example.com", department_id=sales.json["id"]),
        )
        assert (gone.status, come.status) in {(204, 422), (409, 201)}
        left = await kept_users().in_department(tenant, sales.json["id"])
        assert left is (come.status == 201)
        if left:
            await change_user(tenant, come, department_id=None)
            assert (await delete(tenant, sales)).status == 204


async def test_a_stale_change_is_refused(tenant: str) -> None:
    sales = await create(tenant, "Sales")
    await change(tenant, sales, name="Verkauf")
    answer = await change(tenant, sales, sales.etag, name="Vente")
    gone = await delete(tenant, sales, sales.etag)

    assert [(a.status, a.code) for a in (answer, gone)] == [(412, "stale")] * 2


async def test_of_two_who_change_the_same_department_one_is_told(tenant: str) -> None:
    sales = await create(tenant, "Sales")
    answers = await asyncio.gather(
        *(change(tenant, sales, sales.etag, name=f"Sales {n}") for n in range(4))
    )
    assert sorted(answer.status for answer in answers) == [200, 412, 412, 412]


async def test_who_may_only_read_changes_nothing(tenant: str) -> None:
    answer = await call(api.create, {"name": "X"}, caller=somebody(tenant, Role.DISPATCHER))
    assert (answer.status, answer.code) == (403, "forbidden")


async def test_other_tenants_have_their_own(tenant: str) -> None:
    sales = await create(tenant, "Sales")
    assert await paths(f"{tenant}-other") == []
    answer = await create(f"{tenant}-other", "North", sales)
    assert (answer.status, answer.code) == (422, "unknown-department")


async def test_what_is_no_department_is_not_found(tenant: str) -> None:
    answer = await call(api.read, method="GET", caller=somebody(tenant), department_id="none")
    assert (answer.status, answer.code) == (404, "not-found")


async def test_changes_stand_in_the_trail(tenant: str) -> None:
    sales = await create(tenant, "Sales")
    await change(tenant, sales, name="Verkauf")
    trail = await call(
        api.read_audit, method="GET", caller=somebody(tenant), department_id=sales.json["id"]
    )
    assert trail.json["intact"] is True
    assert trail.json["entries"][1]["changes"] == {"name": ["Sales", "Verkauf"]}


async def test_people_are_listed_by_department(tenant: str) -> None:
    sales = await create(tenant, "Sales")
    await create_user(tenant, department_id=sales.json["id"])
    await create_user(tenant, "bea@example.com")
    query = {"department_id": sales.json["id"]}
    answer = await call(users.list_users, method="GET", caller=somebody(tenant), query=query)
    assert [user["email"] for user in answer.json["items"]] == ["ann@example.com"]


def known(parents: dict[str, str | None]) -> Departments:
    return Departments(Stored(department(name, parent), "etag") for name, parent in parents.items())


def department(name: str, parent: str | None) -> Department:
    return Department(id=name, tenant_id="t", name=name, parent_id=parent, created_at=clock.now())


def test_a_tree_has_ten_levels_and_no_more() -> None:
    chain: dict[str, str | None] = {"1": None} | {str(n): str(n - 1) for n in range(2, 11)}
    with pytest.raises(DepartmentTooDeep):
        known(chain).must_take(department("11", "10"))
    known(chain).must_take(department("11", "9"))
    with pytest.raises(DepartmentTooDeep):  # a move counts what stands below
        known({**chain, "x": None, "y": "x"}).must_take(department("x", "9"))


def test_there_are_only_so_many() -> None:
    almost: dict[str, str | None] = {
        str(number): None for number in range(domain.MOST_DEPARTMENTS - 1)
    }
    known(almost).must_take_one_more()
    with pytest.raises(TooManyDepartments):
        known({**almost, "last": None}).must_take_one_more()


def test_paths_lead_to_departments() -> None:
    tree = known({"Sales": None, "Nørth": "Sales"})
    assert (found := tree.at("sales / NORTH")) is not None
    assert found.id == "Nørth"
    assert tree.at("North") is None


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=60))
def test_whatever_is_moved_where_the_tree_stays_a_tree(
    moves: list[tuple[int, int | None]],
) -> None:
    parents: dict[str, str | None] = {}
    for child, parent in moves:
        wish = department(f"d{child}", None if parent is None else f"d{parent}")
        try:
            known(parents).must_take(wish)
        except DepartmentCycle:
            assert wish.parent_id in parents
            continue
        except Refusal:
            continue
        parents[wish.id] = wish.parent_id
    tree = known(parents)
    paths_now = [tree.path(each) for each in tree.all()]
    assert len(paths_now) == len(parents)
    assert all(len(path) == len(set(path)) <= domain.DEEPEST for path in paths_now)


async def test_the_service_knows_all(tenant: str) -> None:
    await create(tenant, "Sales")
    assert [each.name for each in (await departments().all(tenant)).all()] == ["Sales"]
