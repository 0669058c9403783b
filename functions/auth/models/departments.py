"""Departments as callers send and see them."""

from typing import Annotated

from pydantic import AwareDatetime, StringConstraints

from functions.auth.domain.departments import BETWEEN, Department
from functions.auth.models import Sent
from shared.http.fields import Id
from shared.model import Model

DepartmentName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=100,
        pattern=rf"^[^\x00-\x1f\x7f{BETWEEN}]+$",
    ),
]


class CreateDepartment(Sent):
    """Without `parent_id` it stands at the top."""

    name: DepartmentName
    parent_id: Id | None = None


class ChangeDepartment(Sent):
    """What is left out stays; `parent_id` null moves it to the top."""

    name: DepartmentName | None = None
    parent_id: Id | None = None


class DepartmentView(Model):
    """A department; `path` are the names from the top down to it."""

    id: str
    name: str
    parent_id: str | None
    path: list[str]
    created_at: AwareDatetime


class DepartmentsView(Model):
    """The whole tree, each department behind its parent."""

    items: list[DepartmentView]


def department_view(department: Department, path: list[str]) -> DepartmentView:
    return DepartmentView(
        id=department.id,
        name=department.name,
        parent_id=department.parent_id,
        path=path,
        created_at=department.created_at,
    )
