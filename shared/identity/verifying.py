"""From an Authorization header to a caller."""

from collections.abc import Awaitable, Callable

from shared.errors import Unauthenticated
from shared.identity.caller import Caller
from shared.identity.keyring import CosmosKeyring, StoredKey
from shared.identity.permissions import Role
from shared.identity.tokens import ACCESS, Tokens
from shared.platform import clock
from shared.platform.clients import container
from shared.platform.settings import settings
from shared.provided import Provided
from shared.records.cosmos import CosmosDocuments

Verifier = Callable[[str], Awaitable[Caller]]


def _tokens() -> Tokens:
    keys = CosmosDocuments(container("auth"), StoredKey, clock.now)
    return Tokens(CosmosKeyring(keys, clock.now), issuer=settings().public_base_url + "/api")


tokens = Provided(_tokens)


async def _caller(authorization: str) -> Caller:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Send an access token: Authorization: Bearer ….")
    claims = await tokens().verify(ACCESS, token.strip(), clock.now())
    return Caller(
        id=claims["sub"],
        tenant_id=claims["tenant_id"],
        roles=frozenset(Role(role) for role in claims["roles"] if role in set(Role)),
        name=claims.get("name", ""),
        session_id=claims.get("sid", ""),
    )


verifier: Provided[Verifier] = Provided(lambda: _caller)
