"""A tenant's own roles: made, changed, and their names, which are unique. Pure."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from functions.auth.domain.refusals import SystemRole
from shared.identity.custom_roles import ACCESS, SYSTEM_ROLES, CustomRole
from shared.records.document import Document

MOST_ROLES = 200


class RoleName(Document):
    """Stands beside a role, so that a second cannot have its name."""

    audited: ClassVar[bool] = False

    role_id: str

    @property
    def key(self) -> str:
        return ACCESS


def role_name(role: CustomRole) -> RoleName:
    """Names that only differ in case or in white space are the same."""
    normalised = " ".join(role.name.casefold().split())
    name = f"role-name:{sha256(normalised.encode()).hexdigest()}"
    return RoleName(id=name, tenant_id=role.tenant_id, role_id=role.id)


def must_be_custom(role_id: str) -> None:
    """Raises SystemRole."""
    if role_id in SYSTEM_ROLES:
        raise SystemRole(f"{role_id} is a system role: it is as it is.")


def changed(role: CustomRole, at: datetime, **update: object) -> CustomRole:
    """With other permissions, tokens of the old ones count no more."""
    other = "permissions" in update and update["permissions"] != role.permissions
    more = {"changed_at": at, "version": role.version + other}
    return role.model_copy(update={**update, **more})


def added(before: CustomRole, permissions: Iterable[str]) -> frozenset[str]:
    """What a role is to give that it did not."""
    return frozenset(permissions) - before.permissions
