"""What the use cases of roles and service accounts need of the world."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Protocol

from functions.auth.domain.administration import AdministratorsTurn
from functions.auth.domain.user import User
from shared.identity.custom_roles import Assignment, CustomRole
from shared.identity.service_accounts import KeyUse, ServiceAccount
from shared.records.document import Documents, Stored

# The custom roles of assignments, by id, as this instance knows them.
RolesOf = Callable[[str, Iterable[Assignment]], Awaitable[Mapping[str, CustomRole]]]

# What access tokens say of a user's rights, beside the system roles.
RightsClaims = Callable[[User], Awaitable[dict[str, Any]]]


class CustomRoles(Documents[CustomRole], Protocol):
    """Where a tenant's own roles are kept."""

    async def all(self, tenant_id: str) -> list[Stored[CustomRole]]: ...
    async def named(self, tenant_id: str, role_ids: Iterable[str]) -> dict[str, CustomRole]: ...


class Holders(Documents[User], Protocol):
    """Users, by the roles that they have."""

    async def holding(self, tenant_id: str, role_id: str, limit: int) -> list[Stored[User]]: ...
    async def another_administrator(self, tenant_id: str, user_id: str) -> bool: ...


class ServiceAccounts(Documents[ServiceAccount], Protocol):
    """Where service accounts are kept."""

    async def holding(
        self, tenant_id: str, role_id: str, limit: int
    ) -> list[Stored[ServiceAccount]]: ...


class KeyUses(Protocol):
    """A service account and the uses of its keys, read at once."""

    async def of_account(
        self, tenant_id: str, account_id: str
    ) -> tuple[ServiceAccount, list[KeyUse]]:
        """Raises Missing."""
        ...


class AdministratorsTurns(Documents[AdministratorsTurn], Protocol):
    """Where it is kept whose turn it is to leave."""
