"""Does this access token count? Asked by those who cannot check it themselves."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict

from functions.auth.models.aliases import (
    IntrospectionView,
    OlderUserView,
    OlderVerdictView,
    ScopedPermissionsView,
)
from shared.errors import Unauthenticated
from shared.identity.caller import Caller
from shared.identity.scopes import Grant

Verify = Callable[[str], Awaitable[Caller]]


class Introspection:
    """What an access token stands for, revocations included. The database is not asked."""

    def __init__(self, verify: Verify) -> None:
        self._verify = verify

    async def of(self, token: str) -> IntrospectionView:
        caller = await self._caller(token)
        if caller is None:
            return IntrospectionView(active=False)
        since = caller.authenticated_at
        return IntrospectionView(
            active=True,
            sub=caller.id,
            tenant_id=caller.tenant_id,
            name=caller.name,
            kind=caller.kind,
            roles=sorted(caller.roles),
            scope=" ".join(sorted(caller.permissions)),
            scoped=[_scoped(grant) for grant in caller.scoped],
            sid=caller.session_id,
            acr=caller.assurance,
            auth_time=int(since.timestamp()) if since else None,
            token_type="Bearer",  # noqa: S106 - the scheme's name
        )

    async def in_older_words(self, token: str) -> OlderVerdictView:
        caller = await self._caller(token)
        if caller is None:
            return OlderVerdictView(valid=False)
        user = OlderUserView(
            id=caller.id,
            name=caller.name,
            roles=sorted(caller.roles),
            tenant_id=caller.tenant_id,
        )
        return OlderVerdictView(valid=True, user=user)

    async def _caller(self, token: str) -> Caller | None:
        try:
            return await self._verify(f"Bearer {token}")
        except Unauthenticated:
            return None


def _scoped(grant: Grant) -> ScopedPermissionsView:
    return ScopedPermissionsView(permissions=sorted(grant.permissions), **asdict(grant.scope))
