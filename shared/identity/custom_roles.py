"""Roles that a tenant makes for itself, and what ties them to somebody."""

from typing import ClassVar

from pydantic import AwareDatetime, ConfigDict

from shared.identity.permissions import KNOWN, PERMISSIONS, Role
from shared.identity.revocations import Revocation, revocation
from shared.identity.scopes import Scope
from shared.model import Model
from shared.records.document import Document

ACCESS = "access"  # the partition of a tenant's roles and service accounts
SYSTEM_ROLES = frozenset(Role)


class CustomRole(Document):
    """A name for permissions. Tokens must not outlive a `version`: it grows as they change."""

    name: str
    description: str = ""
    permissions: frozenset[str]
    version: int = 1
    created_at: AwareDatetime
    changed_at: AwareDatetime

    system: ClassVar[bool] = False

    @property
    def key(self) -> str:
        return ACCESS

    @property
    def stamp(self) -> tuple[str, int]:
        return of_role(self.tenant_id, self.id), self.version

    def revocation(self, least_version: int) -> Revocation:
        subject = of_role(self.tenant_id, self.id)
        return revocation(self.tenant_id, ACCESS, subject, least_version)


def of_role(tenant_id: str, role_id: str) -> str:
    """The subject that a custom role is."""
    return f"role:{tenant_id}:{role_id}"


class Assignment(Model):
    """A role that somebody has within a scope; a custom role also everywhere.

    `role_id` is a custom role's id, or a system role's name.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    role_id: str
    system: str | None = None
    department_id: str | None = None
    resource: str | None = None

    @property
    def scope(self) -> Scope:
        return Scope(self.system, self.department_id, self.resource)


def permissions_in(role_id: str, custom: CustomRole | None) -> frozenset[str]:
    """What a role gives. Permissions that are no more give nothing, nor do roles that are gone."""
    if role_id in SYSTEM_ROLES:
        return PERMISSIONS[Role(role_id)]
    return custom.permissions & KNOWN if custom else frozenset()
