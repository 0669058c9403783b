"""Users, all of a tenant in one partition."""

from functions.auth.domain.folding import folded
from functions.auth.domain.former import FormerUser
from functions.auth.domain.user import USERS, EmailOwner, User, owner_id
from functions.auth.models.users import UserFilter
from shared.errors import Missing
from shared.records.audit import AuditTrail
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored

MOST_WORDS = 8
EQUAL = ("department_id", "external_id", "active")


class CosmosUsers(CosmosDocuments[User]):
    """Users of a tenant."""

    async def listed(
        self, tenant_id: str, wanted: UserFilter, after: str | None, limit: int
    ) -> list[Stored[User]]:
        """Newest first. Of a search, each word must be in the name or the e-mail address."""
        conditions, values = _equal(wanted)
        if wanted.role is not None:
            conditions.append("ARRAY_CONTAINS(c.roles, @role)")
            values["@role"] = wanted.role
        for number, word in enumerate(folded(wanted.q or "").split()[:MOST_WORDS]):
            conditions.append(f"CONTAINS(c.search, @word{number})")
            values[f"@word{number}"] = word
        condition = " AND ".join(conditions)
        return await self.where(tenant_id, condition, values, key=USERS, after=after, limit=limit)

    async def with_emails(self, tenant_id: str, emails: list[str]) -> dict[str, Stored[User]]:
        """Whoever has one of these addresses, by it: by ids alone, which stays quick among many."""
        owners = CosmosDocuments(self._container, EmailOwner, self._now)
        condition, values = _one_of([owner_id(email) for email in emails])
        found = await owners.where(tenant_id, condition, values, key=USERS)
        condition, values = _one_of([stored.document.user_id for stored in found])
        theirs = await self.where(tenant_id, condition, values, key=USERS) if found else []
        return {stored.document.email: stored for stored in theirs}

    async def in_department(self, tenant_id: str, department_id: str) -> bool:
        """Whether anybody is."""
        values = {"@department": department_id}
        found = await self.where(
            tenant_id, "c.department_id = @department", values, key=USERS, limit=1
        )
        return bool(found)

    async def trail(self, tenant_id: str, document_id: str, key: str | None = None) -> AuditTrail:
        """That of a user who was deleted too."""
        try:
            return await super().trail(tenant_id, document_id, key)
        except Missing:
            former = CosmosDocuments(self._container, FormerUser, self._now)
            return await former.trail(tenant_id, document_id, key)


def _one_of(ids: list[str]) -> tuple[str, dict[str, str]]:
    values = {f"@id{number}": each for number, each in enumerate(ids)}
    return f"c.id IN ({', '.join(values)})", values


def _equal(wanted: UserFilter) -> tuple[list[str], dict[str, object]]:
    asked = {name: getattr(wanted, name) for name in EQUAL if getattr(wanted, name) is not None}
    return [f"c.{name} = @{name}" for name in asked], {f"@{n}": each for n, each in asked.items()}
