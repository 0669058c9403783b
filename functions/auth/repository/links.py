"""Links that were sent, each kind found together with the user that it is about."""

from functions.auth.domain.links import Asked, Link
from functions.auth.domain.user import USERS, User
from shared.records.cosmos import CosmosDocuments
from shared.records.several import CosmosSeveral


class CosmosLinks(CosmosDocuments[Link]):
    """In the partition of the users, so that a link is used up in the batch of what it brings."""

    async def by_email(self, tenant_id: str, email: str, link_id: str) -> Asked:
        """One query, and the same for addresses that nobody has."""
        condition = "(c.kind = 'User' AND c.email = @email) OR c.id = @link"
        return await self._found(tenant_id, condition, {"@email": email, "@link": link_id})

    async def by_user(self, tenant_id: str, user_id: str, link_id: str) -> Asked:
        ids = {"@user": user_id, "@link": link_id}
        return await self._found(tenant_id, "c.id IN (@user, @link)", ids)

    async def _found(self, tenant_id: str, condition: str, values: dict[str, str]) -> Asked:
        several = CosmosSeveral(self._container, User, Link)
        found = await several.where(tenant_id, condition, values, key=USERS)
        return Asked(found.one(User), found.one(Link))
