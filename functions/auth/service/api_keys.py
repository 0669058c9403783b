"""API keys of service accounts: made, listed, revoked."""

import secrets
from base64 import b32encode
from datetime import timedelta

from functions.auth.domain import service_accounts as rules
from functions.auth.domain.granting import must_hold_all
from functions.auth.domain.refusals import BeyondAccount
from functions.auth.models.service_accounts import CreateKey, KeysView, KeyView, NewKeyView
from functions.auth.service.access import KeyUses, RolesOf, ServiceAccounts
from functions.auth.service.ports import Client
from shared.contracts.auth import Notice, SecurityNoticed
from shared.identity.caller import Caller
from shared.identity.custom_roles import ACCESS
from shared.identity.permissions import permissions_of
from shared.identity.rights import Rights, rights_of
from shared.identity.scopes import Grant
from shared.identity.service_accounts import KEY_BEGINS, ApiKey, ServiceAccount
from shared.platform.clock import Clock
from shared.records.document import Beside, Stored
from shared.records.rereading import until_fresh
from shared.telemetry.logs import say


class ApiKeyService:
    """Whoever makes a key could use it: so they must have all the rights that it gives."""

    def __init__(
        self, accounts: ServiceAccounts, uses: KeyUses, roles_of: RolesOf, now: Clock
    ) -> None:
        self._accounts = accounts
        self._uses = uses
        self._roles_of = roles_of
        self._now = now

    async def create(
        self, caller: Caller, account_id: str, wish: CreateKey, client: Client
    ) -> NewKeyView:
        """Raises Missing, RightsNotHeld, BeyondAccount or TooManyKeys."""
        key, text = self._made(caller, wish)

        async def attempt() -> None:
            stored = await self._accounts.get(caller.tenant_id, account_id, ACCESS)
            await self._check(caller, stored.document, wish.scopes)
            await self._saved(caller, stored, key, text, client)

        await until_fresh(attempt)
        say("authn_token_created", account_id=account_id, key=key.id)
        return NewKeyView(key=text, **key.model_dump())

    async def listed(self, tenant_id: str, account_id: str) -> KeysView:
        """Raises Missing."""
        account, uses = await self._uses.of_account(tenant_id, account_id)
        last = {use.key_id: use.at for use in uses}
        views = [(KeyView.model_validate(key), last.get(key.id)) for key in reversed(account.keys)]
        return KeysView(items=[view.model_copy(update={"last_used_at": at}) for view, at in views])

    async def revoke(self, tenant_id: str, account_id: str, key_id: str) -> None:
        """Refused everywhere within seconds. Safe to repeat. Raises Missing."""

        async def attempt() -> None:
            stored = await self._accounts.get(tenant_id, account_id, ACCESS)
            account = rules.without_key(stored.document, key_id, self._now())
            if account is not stored.document:
                ended = Beside(account.revocation_of(key_id))
                await self._accounts.save(stored.now(account), "revoke key", beside=(ended,))
                say("authn_token_revoked", account_id=account_id, key=key_id)

        await until_fresh(attempt)

    def _made(self, caller: Caller, wish: CreateKey) -> tuple[ApiKey, str]:
        key_id = b32encode(secrets.token_bytes(10)).decode().lower()
        prefix, at = f"{KEY_BEGINS}{caller.tenant_id}.{key_id}", self._now()
        key = ApiKey(
            id=key_id,
            name=wish.name,
            prefix=prefix,
            scopes=wish.scopes,
            created_at=at,
            created_by=caller.id,
            expires_at=at + timedelta(days=wish.expires_in_days),
        )
        return key, f"{prefix}_{secrets.token_urlsafe(32)}"

    async def _check(
        self, caller: Caller, account: ServiceAccount, scopes: frozenset[str] | None
    ) -> None:
        roles = await self._roles_of(account.tenant_id, account.assignments)
        given = rights_of(account.assignments, roles)
        everywhere = permissions_of(account.roles) | given.permissions
        has = everywhere.union(*(grant.permissions for grant in given.scoped))
        wanted = has if scopes is None else scopes
        if beyond := sorted(wanted - has):
            raise BeyondAccount("The account itself may not do this.", permissions=beyond)
        within = tuple(Grant(each.permissions & wanted, each.scope) for each in given.scoped)
        must_hold_all(caller, Rights(everywhere & wanted, within))

    async def _saved(
        self,
        caller: Caller,
        stored: Stored[ServiceAccount],
        key: ApiKey,
        text: str,
        client: Client,
    ) -> None:
        account = rules.with_key(stored.document, key, text, self._now())
        told = SecurityNoticed(
            tenant_id=caller.tenant_id,
            at=self._now(),
            user_id=caller.id,
            notice=Notice.API_KEY_CREATED,
            details={"account": account.name, "key": key.name},
            address=client.address,
            device=client.device,
        )
        heard = [told] if caller.kind == "user" else []
        await self._accounts.save(stored.now(account), "create key", *heard)
