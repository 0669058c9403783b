"""Service accounts: created, changed, deleted."""

from typing import Any

from functions.auth.domain import assignments
from functions.auth.domain import service_accounts as rules
from functions.auth.domain.granting import must_hold
from functions.auth.models.service_accounts import ChangeServiceAccount, CreateServiceAccount
from functions.auth.service.access import ServiceAccounts
from functions.auth.service.rights import Granting
from shared.identity.caller import Caller
from shared.identity.custom_roles import ACCESS
from shared.identity.permissions import permissions_of
from shared.identity.service_accounts import ServiceAccount
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Beside, Stored
from shared.records.rereading import until_fresh
from shared.telemetry.logs import say


class ServiceAccountService:
    """Nobody can make an account that may do what they themselves may not."""

    def __init__(self, accounts: ServiceAccounts, granting: Granting, now: Clock) -> None:
        self._accounts = accounts
        self._granting = granting
        self._now = now

    async def create(self, caller: Caller, wish: CreateServiceAccount) -> Stored[ServiceAccount]:
        """Raises what Granting and domain.assignments.given raise."""
        must_hold(caller, permissions_of(wish.roles))
        wanted = await self._granting.wanted(caller, wish.assignments)
        account = ServiceAccount(
            id=new_id(),
            tenant_id=caller.tenant_id,
            name=wish.name,
            description=wish.description,
            roles=wish.roles,
            assignments=assignments.all_given((), wanted),
            created_at=self._now(),
            created_by=caller.id,
        )
        return await self._accounts.save(Stored(account), "create service account")

    async def change(
        self, caller: Caller, account_id: str, wish: ChangeServiceAccount, if_match: str | None
    ) -> Stored[ServiceAccount]:
        """Its keys have its new rights within seconds, and no more the old ones.

        Raises Missing, Stale, and what Granting and domain.assignments.given raise.
        """
        stored = await self._accounts.get(caller.tenant_id, account_id, ACCESS)
        before = stored.matching(if_match).document
        update: dict[str, Any] = {name: value for name, value in wish if value is not None}
        must_hold(caller, permissions_of((wish.roles or frozenset()) - before.roles))
        if wish.assignments is not None:
            wanted = await self._granting.wanted(caller, wish.assignments, before.assignments)
            update["assignments"] = assignments.all_given(before.assignments, wanted)
        return await self._saved(stored, update, "change service account")

    async def delete(self, caller: Caller, account_id: str, if_match: str | None) -> None:
        """Its keys end. Raises Missing or Stale."""
        stored = await self._accounts.get(caller.tenant_id, account_id, ACCESS)
        account = stored.matching(if_match).document
        ended = Beside(account.revocation(account.rights_version + 1))
        await self._accounts.remove(stored, "delete service account", beside=(ended,))
        say("authn_token_revoked", account_id=account_id, keys=len(account.keys))

    async def move(self, tenant_id: str, account_id: str, from_role: str, to_role: str) -> None:
        """Another role in place of one."""

        async def attempt() -> None:
            stored = await self._accounts.get(tenant_id, account_id, ACCESS)
            moved = assignments.moved(stored.document.assignments, from_role, to_role)
            await self._saved(stored, {"assignments": moved}, "reassign role")

        await until_fresh(attempt)

    async def _saved(
        self, stored: Stored[ServiceAccount], update: dict[str, Any], action: str
    ) -> Stored[ServiceAccount]:
        account = rules.changed(stored.document, update)
        other_rights = account.rights_version != stored.document.rights_version
        beside = (Beside(account.revocation(account.rights_version)),) if other_rights else ()
        return await self._accounts.save(stored.now(account), action, beside=beside)
