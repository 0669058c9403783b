"""A company's departments: a tree without cycles, of which each is known by its path. Pure."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from pydantic import AwareDatetime

from functions.auth.domain.folding import folded
from functions.auth.domain.refusals import (
    DepartmentCycle,
    DepartmentInUse,
    DepartmentNameTaken,
    DepartmentTooDeep,
    TooManyDepartments,
    UnknownDepartment,
)
from functions.auth.domain.user import USERS
from shared.errors import Missing
from shared.records.document import Document, Stored

DEEPEST = 10
MOST_DEPARTMENTS = 2000
BETWEEN = "/"


class Department(Document):
    """Without `parent_id` it stands at the top. Lies beside the users, whom it binds."""

    name: str
    parent_id: str | None = None
    created_at: AwareDatetime

    @property
    def key(self) -> str:
        return USERS


class DepartmentTree(Document):
    """Saved beside every change of the tree, so that of two at once the second looks again."""

    audited: ClassVar[bool] = False

    changes: int = 0

    @property
    def key(self) -> str:
        return USERS

    def once_more(self) -> "DepartmentTree":
        return self.model_copy(update={"changes": self.changes + 1})


class DepartmentDoor(Document):
    """Saved with everybody who comes in: no door, no department. Who removes a department takes
    the door as it was before they looked for members."""

    audited: ClassVar[bool] = False

    @property
    def key(self) -> str:
        return USERS


def tree_of(tenant_id: str) -> DepartmentTree:
    return DepartmentTree(id="departments", tenant_id=tenant_id)


def door_of(tenant_id: str, department_id: str) -> DepartmentDoor:
    return DepartmentDoor(id=f"door:{department_id}", tenant_id=tenant_id)


class Departments:
    """All departments of a tenant, as they were read."""

    def __init__(self, found: Iterable[Stored[Department]]) -> None:
        self._by_id: Mapping[str, Stored[Department]] = {each.document.id: each for each in found}

    def all(self) -> list[Department]:
        """By their paths, so that each stands behind its parent."""
        return sorted(
            (each.document for each in self._by_id.values()),
            key=lambda department: [folded(name) for name in self.path(department)],
        )

    def stored(self, department_id: str) -> Stored[Department]:
        """Raises Missing."""
        if department_id not in self._by_id:
            raise Missing(f"There is no department {department_id}.")
        return self._by_id[department_id]

    def has(self, department_id: str) -> bool:
        return department_id in self._by_id

    def path(self, department: Department) -> list[str]:
        """The names from the top down to it."""
        return [each.name for each in self._way_down(department)]

    def path_of(self, department: Department) -> list[str]:
        """That of one which is not, or not yet, where it wants to be."""
        if department.parent_id is None:
            return [department.name]
        return [*self.path(self.stored(department.parent_id).document), department.name]

    def at(self, path: str) -> Department | None:
        """The one with this path, "Sales/North"; upper and lower case are the same."""
        wanted = [folded(name.strip()) for name in path.split(BETWEEN)]
        return next(
            (
                department
                for department in (each.document for each in self._by_id.values())
                if [folded(name) for name in self.path(department)] == wanted
            ),
            None,
        )

    def must_take_one_more(self) -> None:
        """Raises TooManyDepartments."""
        if len(self._by_id) >= MOST_DEPARTMENTS:
            raise TooManyDepartments(f"There are {MOST_DEPARTMENTS} departments already.")

    def must_take(self, department: Department) -> None:
        """Whether it may stand where it wants to, with all that stands below it.

        Raises UnknownDepartment, DepartmentCycle, DepartmentTooDeep or DepartmentNameTaken.
        """
        above: list[Department] = []
        if department.parent_id is not None:
            if department.parent_id not in self._by_id:
                raise UnknownDepartment(f"There is no department {department.parent_id}.")
            above = self._way_down(self._by_id[department.parent_id].document)
        if any(each.id == department.id for each in above):
            raise DepartmentCycle("A department cannot stand below itself.")
        if len(above) + self._levels(department.id) > DEEPEST:
            raise DepartmentTooDeep(f"At most {DEEPEST} departments stand below one another.")
        for other in self._below(department.parent_id):
            if other.id != department.id and folded(other.name) == folded(department.name):
                raise DepartmentNameTaken(f"There is a department {other.name} in this place.")

    def must_be_empty(self, department_id: str) -> None:
        """Raises DepartmentInUse while others stand below it."""
        if self._below(department_id):
            raise DepartmentInUse("Other departments stand below this one.")

    def _below(self, parent_id: str | None) -> list[Department]:
        return [
            each.document for each in self._by_id.values() if each.document.parent_id == parent_id
        ]

    def _levels(self, department_id: str) -> int:
        """Its own, and those below."""
        return 1 + max((self._levels(each.id) for each in self._below(department_id)), default=0)

    def _way_down(self, department: Department) -> list[Department]:
        way = [department]
        while way[0].parent_id is not None:
            way.insert(0, self._by_id[way[0].parent_id].document)
        return way
