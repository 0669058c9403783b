"""Roles, who has them, and service accounts."""

from collections.abc import Iterable

from functions.auth.domain.administration import administers
from functions.auth.domain.roles import MOST_ROLES
from functions.auth.domain.user import USERS, User
from functions.auth.repository.users import CosmosUsers
from shared.errors import Missing
from shared.identity.custom_roles import ACCESS, CustomRole
from shared.identity.service_accounts import KeyUse, ServiceAccount
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored
from shared.records.several import CosmosSeveral

HOLDING = 'ARRAY_CONTAINS(c.assignments, {"role_id": @role}, true)'
ANOTHER = 'c.active = true AND ARRAY_CONTAINS(c.roles, "admin") AND c.id != @user'


class CosmosRoles(CosmosDocuments[CustomRole]):
    """A tenant's own roles."""

    async def all(self, tenant_id: str) -> list[Stored[CustomRole]]:
        return await self.where(tenant_id, key=ACCESS, limit=MOST_ROLES)

    async def named(self, tenant_id: str, role_ids: Iterable[str]) -> dict[str, CustomRole]:
        ids: dict[str, object] = {"@ids": sorted(role_ids)}
        found = await self.where(tenant_id, "ARRAY_CONTAINS(@ids, c.id)", ids, key=ACCESS)
        return {stored.document.id: stored.document for stored in found}


class CosmosHolders(CosmosUsers):
    """Users, by the roles that they have."""

    async def holding(self, tenant_id: str, role_id: str, limit: int) -> list[Stored[User]]:
        return await self.where(tenant_id, HOLDING, {"@role": role_id}, key=USERS, limit=limit)

    async def another_administrator(self, tenant_id: str, user_id: str) -> bool:
        found = await self.where(tenant_id, ANOTHER, {"@user": user_id}, key=USERS, limit=1)
        return any(administers(stored.document) for stored in found)


class CosmosServiceAccounts(CosmosDocuments[ServiceAccount]):
    """Service accounts of a tenant."""

    async def listed(
        self, tenant_id: str, after: str | None, limit: int
    ) -> list[Stored[ServiceAccount]]:
        return await self.where(tenant_id, key=ACCESS, after=after, limit=limit)

    async def holding(
        self, tenant_id: str, role_id: str, limit: int
    ) -> list[Stored[ServiceAccount]]:
        return await self.where(tenant_id, HOLDING, {"@role": role_id}, key=ACCESS, limit=limit)


class CosmosUsesOfKeys:
    """A service account and when its keys were last used, with one query."""

    def __init__(self, several: CosmosSeveral) -> None:
        self._several = several

    async def of_account(
        self, tenant_id: str, account_id: str
    ) -> tuple[ServiceAccount, list[KeyUse]]:
        """Raises Missing."""
        condition, values = "c.id = @id OR c.account_id = @id", {"@id": account_id}
        found = await self._several.where(tenant_id, condition, values, key=ACCESS)
        account = found.one(ServiceAccount)
        if account is None:
            raise Missing(f"There is no serviceaccount {account_id}.")
        return account.document, [stored.document for stored in found.of(KeyUse)]
