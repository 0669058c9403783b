"""Departments: made, renamed, moved, removed; whoever does so meanwhile makes others look again."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from functions.auth.domain.departments import (
    Department,
    DepartmentDoor,
    Departments,
    DepartmentTree,
    door_of,
)
from functions.auth.domain.refusals import DepartmentInUse
from functions.auth.domain.user import USERS
from functions.auth.models.departments import ChangeDepartment, CreateDepartment
from shared.errors import Stale
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.clashes import Taken
from shared.records.document import Beside, Documents, Stored
from shared.records.rereading import until_fresh

T = TypeVar("T")
Found = tuple[Stored[Department], list[str]]


class DepartmentsKept(Documents[Department], Protocol):
    """Where departments are kept."""

    async def all(self, tenant_id: str) -> tuple[Departments, Stored[DepartmentTree]]: ...
    async def door(self, tenant_id: str, department_id: str) -> Stored[DepartmentDoor]: ...


class Members(Protocol):
    """Who is in a department."""

    async def in_department(self, tenant_id: str, department_id: str) -> bool: ...


class Overtaken(Exception):
    """The department itself was changed, not only the tree: that is for the caller to look at."""


class DepartmentService:
    """Each change is decided on the whole tree, and saved only if that is still the same."""

    def __init__(self, departments: DepartmentsKept, members: Members, now: Clock) -> None:
        self._departments = departments
        self._members = members
        self._now = now

    async def all(self, tenant_id: str) -> Departments:
        return (await self._departments.all(tenant_id))[0]

    async def create(self, caller: Caller, wish: CreateDepartment) -> Found:
        """Raises what Departments.must_take raises, or TooManyDepartments."""
        department = Department(
            id=new_id(),
            tenant_id=caller.tenant_id,
            name=wish.name,
            parent_id=wish.parent_id,
            created_at=self._now(),
        )
        door = Beside(door_of(department.tenant_id, department.id))

        async def attempt() -> Found:
            known, tree = await self._departments.all(caller.tenant_id)
            known.must_take_one_more()
            known.must_take(department)
            saved = await self._saved(Stored(department), "create department", door, _turn(tree))
            return saved, known.path_of(department)

        return await until_fresh(attempt)

    async def change(
        self, caller: Caller, department_id: str, wish: ChangeDepartment, if_match: str | None
    ) -> Found:
        """A new name, another place, or both. Raises Missing, Stale, and what `create` raises."""
        seen = await self._departments.get(caller.tenant_id, department_id, USERS)
        given = wish.model_dump(exclude_unset=True)
        update = {name: each for name, each in given.items() if each or name == "parent_id"}
        department = seen.matching(if_match).document.model_copy(update=update)

        async def attempt() -> Found:
            known, tree = await self._as_seen(seen)
            known.must_take(department)
            saved = await self._saved(seen.now(department), "change department", _turn(tree))
            return saved, known.path_of(department)

        return await _unless_overtaken(attempt)

    async def delete(self, caller: Caller, department_id: str, if_match: str | None) -> None:
        """Raises Missing, Stale, or DepartmentInUse while anybody or anything is in it."""
        seen = await self._departments.get(caller.tenant_id, department_id, USERS)
        seen.matching(if_match)

        async def attempt() -> None:
            known, tree = await self._as_seen(seen)
            known.must_be_empty(department_id)
            # Before members are looked for: whoever comes in meanwhile changes it.
            door = await self._departments.door(caller.tenant_id, department_id)
            if await self._members.in_department(caller.tenant_id, department_id):
                raise DepartmentInUse("There are people in this department.")
            beside = (_turn(tree), Beside(door.document, exists="removed", stored=door))
            await self._departments.remove(seen, "delete department", beside=beside)

        await _unless_overtaken(attempt)

    async def _as_seen(
        self, seen: Stored[Department]
    ) -> tuple[Departments, Stored[DepartmentTree]]:
        known, tree = await self._departments.all(seen.document.tenant_id)
        if known.stored(seen.document.id).etag != seen.etag:
            raise Overtaken
        return known, tree

    async def _saved(
        self, stored: Stored[Department], action: str, *beside: Beside
    ) -> Stored[Department]:
        try:
            return await self._departments.save(stored, action, beside=beside)
        except Taken as error:  # somebody else began the tree
            raise Stale(str(error)) from error


def _turn(tree: Stored[DepartmentTree]) -> Beside:
    after = tree.document.once_more()
    return Beside(after, exists="taken") if tree.etag is None else Beside(after, stored=tree)


async def _unless_overtaken(attempt: Callable[[], Awaitable[T]]) -> T:
    try:
        return await until_fresh(attempt)
    except Overtaken as error:
        raise Stale("The department was changed meanwhile; read it again.") from error
