"""From an Authorization header to a caller. How identity is put together."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.errors import Unauthenticated
from shared.identity.api_keys import KnownKeys
from shared.identity.caller import Caller
from shared.identity.custom_roles import ACCESS as ACCESS_PARTITION
from shared.identity.custom_roles import CustomRole
from shared.identity.key_files import KeyFiles
from shared.identity.key_uses import CosmosKeyUses
from shared.identity.key_vault import KeyVaultKeys
from shared.identity.keyring import KeptKeyring, Keys
from shared.identity.kinds import ACCESS
from shared.identity.permissions import Role
from shared.identity.revocations import Revocations, of_session, of_user
from shared.identity.revoked import RevocationFeed
from shared.identity.rights import read_rights
from shared.identity.role_book import RoleBook
from shared.identity.service_accounts import KEY_BEGINS, ServiceAccount
from shared.identity.tokens import Tokens
from shared.platform import clock
from shared.platform.clients import NotConfigured, container, secrets
from shared.platform.clock import Clock
from shared.platform.settings import settings
from shared.provided import Provided
from shared.records.cosmos import CosmosDocuments

Verifier = Callable[[str], Awaitable[Caller]]
MOST_REMEMBERED = 20_000
ROLES = frozenset(Role)


class Verified:
    """Access tokens, each checked once: after that until it expires or is revoked, it is known."""

    def __init__(self, tokens: Tokens, revocations: Revocations, now: Clock) -> None:
        self._tokens = tokens
        self._revocations = revocations
        self._now = now
        self._known: OrderedDict[str, tuple[Caller, datetime]] = OrderedDict()

    async def caller(self, authorization: str) -> Caller:
        """Who sent this header. Raises Unauthenticated."""
        if self._revocations.due:
            await self._revocations.follow()
        known = self._known.get(authorization)
        if known is None or known[1] <= self._now():
            known = await self._checked(authorization)
        caller = known[0]
        if self._revocations.refuses(caller.stamps):
            raise Unauthenticated("This login has ended, or your rights have changed. Refresh.")
        return caller

    async def _checked(self, authorization: str) -> tuple[Caller, datetime]:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("Send an access token: Authorization: Bearer ….")
        claims = await self._tokens.verify(ACCESS, token.strip(), self._now())
        found = caller_of(claims), datetime.fromtimestamp(claims["exp"], UTC)
        self._known[authorization] = found
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return found


def caller_of(claims: Mapping[str, Any]) -> Caller:
    """Who an access token is about. Roles that are no more are left out."""
    rights = read_rights(claims)
    login = (of_user(claims["sub"]), claims["ver"]), (of_session(claims["sid"]), 0)
    return Caller(
        id=claims["sub"],
        tenant_id=claims["tenant_id"],
        roles=frozenset(Role(role) for role in claims["roles"] if role in ROLES),
        name=claims.get("name", ""),
        session_id=claims["sid"],
        stamps=login + rights.stamps(claims["tenant_id"]),
        authenticated_at=datetime.fromtimestamp(claims["auth_time"], UTC),
        assurance=claims.get("acr", ""),
        granted=rights.permissions,
        scoped=rights.scoped,
    )


def _keys() -> Keys:
    """The vault where there is one, else the folder."""
    chosen = settings()
    if chosen.key_vault_uri:
        return KeyVaultKeys(secrets())
    if not chosen.auth_key_folder:
        raise NotConfigured("Tokens need KEY_VAULT__vaultUri, or AUTH_KEY_FOLDER on a laptop.")
    return KeyFiles(Path(chosen.auth_key_folder))


keyring = Provided(lambda: KeptKeyring(_keys(), clock.now))


def _tokens() -> Tokens:
    return Tokens(keyring(), issuer=settings().public_base_url + "/api")


def _verified() -> Verified:
    return Verified(tokens(), revocations(), clock.now)


async def find_roles(tenant_id: str, role_ids: list[str]) -> list[CustomRole]:
    kept = CosmosDocuments(container("auth"), CustomRole, clock.now)
    ids = {"@ids": role_ids}
    found = await kept.where(tenant_id, "ARRAY_CONTAINS(@ids, c.id)", ids, key=ACCESS_PARTITION)
    return [stored.document for stored in found]


async def find_account(tenant_id: str, key_id: str) -> ServiceAccount | None:
    """Whose key this is."""
    kept = CosmosDocuments(container("auth"), ServiceAccount, clock.now)
    condition, name = 'ARRAY_CONTAINS(c.keys, {"id": @key}, true)', {"@key": key_id}
    found = await kept.where(tenant_id, condition, name, key=ACCESS_PARTITION)
    return found[0].document if found else None


def _known_keys() -> KnownKeys:
    uses = CosmosKeyUses(container("auth"))
    return KnownKeys(find_account, role_book(), revocations(), uses, clock.now)


tokens = Provided(_tokens)
revocations = Provided(lambda: Revocations(RevocationFeed(container("auth"), clock.now).since))
role_book = Provided(lambda: RoleBook(find_roles, revocations()))
verified = Provided(_verified)
known_keys = Provided(_known_keys)


async def _caller(authorization: str) -> Caller:
    """By an access token, or by an API key in its place."""
    scheme, _, key = authorization.partition(" ")
    if key.startswith(KEY_BEGINS) and scheme.lower() == "bearer":
        return await known_keys().caller(key)
    return await verified().caller(authorization)


verifier: Provided[Verifier] = Provided(lambda: _caller)
