"""Users and sessions in Cosmos DB, and passwords in Argon2id."""

import asyncio
from functools import cache
from typing import TYPE_CHECKING

from functions.auth.domain import USERS, Session, User, sessions_of
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MOST_USERS = 100
MOST_SESSIONS = 1000


class CosmosUsers(CosmosDocuments[User]):
    """All users of a tenant, in one partition."""

    async def with_email(self, tenant_id: str, email: str) -> Stored[User] | None:
        found = await self.where(tenant_id, "c.email = @email", {"@email": email}, key=USERS)
        return found[0] if found else None

    async def listed(
        self, tenant_id: str, active: bool | None, after: str | None, limit: int
    ) -> list[Stored[User]]:
        condition = "" if active is None else "c.active = @active"
        values = {} if active is None else {"@active": active}
        return await self.where(tenant_id, condition, values, key=USERS, after=after, limit=limit)


class CosmosSessions(CosmosDocuments[Session]):
    """The logins of a user, in one partition."""

    async def alive(self, tenant_id: str, user_id: str) -> list[Stored[Session]]:
        return await self.where(
            tenant_id, "IS_NULL(c.ended_at)", key=sessions_of(user_id), limit=MOST_SESSIONS
        )


class Argon2Passwords:
    """Argon2id with the least that OWASP asks for: 19 MiB, 2 passes, 1 lane.

    Two at once: each takes its memory and a core for some 20 ms.
    """

    def __init__(self, at_once: int = 2) -> None:
        self._turn = asyncio.Semaphore(at_once)

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(_hasher().hash, password)

    async def fits(self, password: str, password_hash: str | None) -> bool:
        from argon2.exceptions import Argon2Error, InvalidHashError

        expected = password_hash
        if expected is None:
            expected = await asyncio.to_thread(_hash_of_nobody)
        async with self._turn:
            try:
                await asyncio.to_thread(_hasher().verify, expected, password)
            except (Argon2Error, InvalidHashError):
                return False
        return password_hash is not None


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _hash_of_nobody() -> str:
    """What an unknown user's password is compared with, so that it takes as long."""
    return _hasher().hash("nobody has this password")
