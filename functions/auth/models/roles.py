"""Roles, and what they give, as callers send and see them."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints

from functions.auth.models import Sent
from shared.http.fields import Id, Name
from shared.identity.permissions import KNOWN, Role
from shared.model import Model


def _known(permission: str) -> str:
    if permission not in KNOWN:
        raise ValueError("not a permission of this app; GET v1/permissions lists them")
    return permission


Permission = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(_known),
    Field(examples=["trips:read"]),
]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Resource = Annotated[
    str,
    StringConstraints(max_length=128, pattern=r"^[a-z][a-z-]*/[A-Za-z0-9._:-]{1,64}$"),
    Field(description="Collection and id, as in the API's routes.", examples=["trips/0198c1d2"]),
]


class CreateRole(Sent):
    """Nobody can give a permission that they do not have."""

    name: Name
    description: Description = ""
    permissions: frozenset[Permission]


class ChangeRole(Sent):
    """What is left out stays."""

    name: Name | None = None
    description: Description | None = None
    permissions: frozenset[Permission] | None = None


class DeleteRole(Model):
    """Who has the role gets `reassign_to` in its place."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reassign_to: Id | None = None


class RoleView(Model):
    """A role. System roles have their name as id, and cannot be changed."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    description: str
    permissions: list[str]
    system: bool
    created_at: AwareDatetime | None = None
    changed_at: AwareDatetime | None = None


class RolesView(Model):
    """All roles of a tenant: those of the system, then its own, the newest first."""

    items: list[RoleView]


class PermissionsView(Model):
    """All permissions that a role can be made of."""

    items: list[str]


class AssignRole(Sent):
    """A role for somebody, within all that is said: one system, one department, one thing.

    Without any of them it holds everywhere; a system role then stands in `roles`.
    """

    role_id: Id
    system: Id | None = None
    department_id: Id | None = None
    resource: Resource | None = None


class AssignmentView(Model):
    """A role that somebody has, and where."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    role_id: str
    system: str | None
    department_id: str | None
    resource: str | None


class UserRolesView(Model):
    """`roles` hold everywhere; `assignments` where each says."""

    model_config = ConfigDict(from_attributes=True)

    roles: list[Role]
    assignments: list[AssignmentView]


class ReasonView(Model):
    """Which role gives a permission, and where."""

    role_id: str
    role_name: str
    assignment_id: str | None = None
    system: str | None = None
    department_id: str | None = None
    resource: str | None = None


class EffectivePermissionView(Model):
    """A permission, and all that gives it. `everywhere`: at least one of them does so."""

    permission: str
    everywhere: bool
    given_by: list[ReasonView]


class EffectivePermissionsView(Model):
    """What a user may do, and why. Of one who is disabled nothing counts until they are enabled."""

    user_id: str
    active: bool
    items: list[EffectivePermissionView]
