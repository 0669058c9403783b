"""Roles as data: a tenant's own, beside those of the system."""

from functions.auth.domain import roles as rules
from functions.auth.domain.granting import must_hold
from functions.auth.domain.refusals import RoleAssigned, RoleNameTaken, TooManyRoles, UnknownRole
from functions.auth.models.roles import ChangeRole, CreateRole
from functions.auth.service.access import CustomRoles, Holders, ServiceAccounts
from functions.auth.service.rights import RightsService
from functions.auth.service.service_accounts import ServiceAccountService
from shared.errors import Conflict
from shared.identity.caller import Caller
from shared.identity.custom_roles import ACCESS, CustomRole
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Beside, Stored
from shared.telemetry.logs import say

MOST_AT_ONCE = 200  # holders that one request gives another role


class RoleService:
    """Nobody can make a role that may do what they themselves may not."""

    def __init__(self, roles: CustomRoles, leaving: "Leaving", now: Clock) -> None:
        self._roles = roles
        self._leaving = leaving
        self._now = now

    async def create(self, caller: Caller, wish: CreateRole) -> Stored[CustomRole]:
        """Raises RightsNotHeld, RoleNameTaken or TooManyRoles."""
        must_hold(caller, wish.permissions)
        if len(await self._roles.all(caller.tenant_id)) >= rules.MOST_ROLES:
            raise TooManyRoles(f"A tenant has at most {rules.MOST_ROLES} roles of its own.")
        at = self._now()
        role = CustomRole(
            id=new_id(),
            tenant_id=caller.tenant_id,
            created_at=at,
            changed_at=at,
            **wish.model_dump(),
        )
        named = Beside(rules.role_name(role), exists="taken")
        return await self._saved(Stored(role), "create role", named)

    async def change(
        self, caller: Caller, role_id: str, wish: ChangeRole, if_match: str | None
    ) -> Stored[CustomRole]:
        """Who has it has its new permissions within seconds, and no more the old ones.

        Raises SystemRole, Missing, Stale, RightsNotHeld or RoleNameTaken.
        """
        stored = await self._custom(caller, role_id, if_match)
        before = stored.document
        update = {name: value for name, value in wish if value is not None}
        role = rules.changed(before, self._now(), **update)
        must_hold(caller, rules.added(before, role.permissions))
        beside: list[Beside] = []
        if role.version != before.version:
            beside.append(Beside(role.revocation(role.version)))
        if rules.role_name(role) != rules.role_name(before):
            beside.append(Beside(rules.role_name(role), exists="taken"))
            beside.append(Beside(rules.role_name(before), exists="removed"))
        return await self._saved(stored.now(role), "change role", *beside)

    async def delete(
        self, caller: Caller, role_id: str, if_match: str | None, reassign_to: str | None
    ) -> None:
        """Raises SystemRole, Missing, Stale, UnknownRole, RightsNotHeld or RoleAssigned."""
        stored = await self._custom(caller, role_id, if_match)
        if reassign_to is not None:
            await self._must_be_given(caller, role_id, reassign_to)
            await self._leaving.move(caller.tenant_id, role_id, reassign_to)
        await self._leaving.must_be_over(caller.tenant_id, role_id)
        role = stored.document
        beside = (
            Beside(role.revocation(role.version + 1)),
            Beside(rules.role_name(role), exists="removed"),
        )
        await self._roles.remove(stored, "delete role", beside=beside)
        say("privilege_permissions_changed", role_id=role_id, action="delete role")

    async def _custom(
        self, caller: Caller, role_id: str, if_match: str | None
    ) -> Stored[CustomRole]:
        rules.must_be_custom(role_id)
        return (await self._roles.get(caller.tenant_id, role_id, ACCESS)).matching(if_match)

    async def _must_be_given(self, caller: Caller, role_id: str, reassign_to: str) -> None:
        known = await self._roles.named(caller.tenant_id, [reassign_to])
        if reassign_to not in known or reassign_to == role_id:
            raise UnknownRole(f"There is no other role {reassign_to} of your own.")
        must_hold(caller, known[reassign_to].permissions)

    async def _saved(
        self, stored: Stored[CustomRole], action: str, *beside: Beside
    ) -> Stored[CustomRole]:
        try:
            saved = await self._roles.save(stored, action, beside=beside)
        except Conflict as error:
            raise RoleNameTaken(f"Another role is named {stored.document.name}.") from error
        say("privilege_permissions_changed", role_id=stored.document.id, action=action)
        return saved


class Leaving:
    """Who has a role that is to go."""

    def __init__(
        self,
        users: Holders,
        accounts: ServiceAccounts,
        rights: RightsService,
        service_accounts: ServiceAccountService,
        most: int = MOST_AT_ONCE,
    ) -> None:
        self._users = users
        self._accounts = accounts
        self._rights = rights
        self._service_accounts = service_accounts
        self._most = most

    async def move(self, tenant_id: str, from_role: str, to_role: str) -> None:
        """As many as one request may take. Safe to repeat: whoever was moved is found no more."""
        for user in await self._users.holding(tenant_id, from_role, self._most):
            await self._rights.move(tenant_id, user.document.id, from_role, to_role)
        for account in await self._accounts.holding(tenant_id, from_role, self._most):
            await self._service_accounts.move(tenant_id, account.document.id, from_role, to_role)

    async def must_be_over(self, tenant_id: str, role_id: str) -> None:
        """Raises RoleAssigned, saying how many `holders` it found."""
        users = await self._users.holding(tenant_id, role_id, self._most)
        accounts = await self._accounts.holding(tenant_id, role_id, self._most)
        if users or accounts:
            raise RoleAssigned(
                "Somebody has this role. Withdraw it, or send reassign_to, and repeat.",
                holders=len(users) + len(accounts),
            )
