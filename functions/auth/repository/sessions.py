"""Logins, those of a user in one partition."""

from collections.abc import Callable, Iterable

from functions.auth.domain.session import Session, sessions_of
from functions.auth.domain.user import User
from shared.identity.custom_roles import CustomRole
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored
from shared.records.several import CosmosSeveral

MOST_SESSIONS = 1000
WANTED = "c.id IN (@user, @session)"
WITH_ROLES = f"{WANTED} OR (c.kind = 'CustomRole' AND ARRAY_CONTAINS(@roles, c.id))"
Learn = Callable[[Iterable[CustomRole]], None]


class CosmosSessions(CosmosDocuments[Session]):
    """The logins of a user."""

    async def alive(self, tenant_id: str, user_id: str) -> list[Stored[Session]]:
        return await self.where(
            tenant_id, "IS_NULL(c.ended_at)", key=sessions_of(user_id), limit=MOST_SESSIONS
        )


class CosmosLogins:
    """A login and its user, read at once from their partitions, and the user's own roles with them.

    `learn` is told of the roles.
    """

    def __init__(self, several: CosmosSeveral, learn: Learn) -> None:
        self._several = several
        self._learn = learn

    async def found(
        self, tenant_id: str, user_id: str, session_id: str, role_ids: Iterable[str] = ()
    ) -> tuple[Stored[Session], Stored[User]] | None:
        """None unless both are there, and the login is the user's."""
        ids: dict[str, object] = {"@user": user_id, "@session": session_id}
        if roles := list(role_ids):
            found = await self._several.where(tenant_id, WITH_ROLES, {**ids, "@roles": roles})
            self._learn(stored.document for stored in found.of(CustomRole))
        else:
            found = await self._several.where(tenant_id, WANTED, ids)
        session, user = found.one(Session, session_id), found.one(User, user_id)
        if session is None or user is None or session.document.user_id != user_id:
            return None
        return session, user
