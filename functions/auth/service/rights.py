"""What somebody may do: given, withdrawn, explained, and put into their tokens."""

from collections.abc import Iterable
from typing import Any

from functions.auth.domain import assignments
from functions.auth.domain.effective import effective
from functions.auth.domain.granting import must_hold
from functions.auth.domain.refusals import TooManyAssignments, UnknownRole
from functions.auth.domain.user import USERS, User
from functions.auth.models.roles import AssignRole, EffectivePermissionsView
from functions.auth.service.access import CustomRoles, Holders, RolesOf
from shared.identity.caller import Caller
from shared.identity.custom_roles import SYSTEM_ROLES, Assignment, permissions_in
from shared.identity.rights import rights_of
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Beside, Stored
from shared.records.rereading import until_fresh
from shared.telemetry.logs import say, warn


class TokenRights:
    """What access tokens say of their owner's rights, beside the system roles."""

    def __init__(self, roles_of: RolesOf) -> None:
        self._roles_of = roles_of

    async def claims(self, user: User) -> dict[str, Any]:
        """No Cosmos call for those without assignments, nor while their roles are known."""
        if not user.assignments:
            return {}
        roles = await self._roles_of(user.tenant_id, user.assignments)
        rights = rights_of(user.assignments, roles)
        fitting = rights.that_fit()
        if fitting != rights:
            warn("auth.rights_cut", user_id=user.id)
        return fitting.claims()


class Granting:
    """Checks wishes for role assignments, whoever they are for."""

    def __init__(self, roles: CustomRoles) -> None:
        self._roles = roles

    async def wanted(
        self, caller: Caller, wishes: Iterable[AssignRole], has: assignments.Assignments = ()
    ) -> assignments.Assignments:
        """Assignments of these roles; what somebody `has` already, nobody need hold to keep.

        Raises UnknownRole or RightsNotHeld.
        """
        new = tuple(Assignment(id=new_id(), **wish.model_dump()) for wish in wishes)
        ids = {each.role_id for each in new} - SYSTEM_ROLES
        known = await self._roles.named(caller.tenant_id, ids) if ids else {}
        if unknown := sorted(ids - set(known)):
            raise UnknownRole(f"There is no role {unknown[0]}.")
        for each in new:
            if assignments.held(has, each) is None:
                given = permissions_in(each.role_id, known.get(each.role_id))
                must_hold(caller, given, each.scope)
        return new

    async def must_fit(self, tenant_id: str, all_of_them: assignments.Assignments) -> None:
        """Raises TooManyAssignments."""
        roles = await self._roles.named(tenant_id, {each.role_id for each in all_of_them})
        if rights_of(all_of_them, roles).too_long:
            raise TooManyAssignments("These are more rights than a token has room for.")


class RightsService:
    """The roles of users within scopes."""

    def __init__(self, users: Holders, roles: CustomRoles, granting: Granting, now: Clock) -> None:
        self._users = users
        self._roles = roles
        self._granting = granting
        self._now = now

    async def assign(
        self, caller: Caller, user_id: str, wish: AssignRole
    ) -> tuple[Stored[User], Assignment]:
        """Safe to repeat. Raises what Granting and domain.assignments.given raise."""
        (new,) = await self._granting.wanted(caller, [wish])

        async def attempt() -> Stored[User]:
            stored = await self._users.get(caller.tenant_id, user_id, USERS)
            given = assignments.given(stored.document.assignments, new)
            await self._granting.must_fit(caller.tenant_id, given)
            return await self._saved(stored, given, "assign role")

        saved = await until_fresh(attempt)
        return saved, assignments.held(saved.document.assignments, new) or new

    async def withdraw(
        self, caller: Caller, user_id: str, assignment_id: str, if_match: str | None
    ) -> None:
        """Raises Missing or Stale."""
        stored = await self._users.get(caller.tenant_id, user_id, USERS)
        left = assignments.withdrawn(stored.matching(if_match).document.assignments, assignment_id)
        await self._saved(stored, left, "withdraw role")

    async def move(self, tenant_id: str, user_id: str, from_role: str, to_role: str) -> None:
        """Another role in place of one."""

        async def attempt() -> None:
            stored = await self._users.get(tenant_id, user_id, USERS)
            moved = assignments.moved(stored.document.assignments, from_role, to_role)
            await self._saved(stored, moved, "reassign role")

        await until_fresh(attempt)

    async def explained(self, tenant_id: str, user_id: str) -> EffectivePermissionsView:
        """Each permission of a user with all that gives it. Raises Missing."""
        user = (await self._users.get(tenant_id, user_id, USERS)).document
        ids = {each.role_id for each in user.assignments} - SYSTEM_ROLES
        roles = await self._roles.named(tenant_id, ids) if ids else {}
        items = effective(user.roles, user.assignments, roles)
        return EffectivePermissionsView.model_validate(
            {"user_id": user.id, "active": user.active, "items": items}
        )

    async def _saved(
        self, stored: Stored[User], now_has: assignments.Assignments, action: str
    ) -> Stored[User]:
        """Tokens of the rights before are refused everywhere within seconds."""
        if now_has == stored.document.assignments:
            return stored
        user = stored.document.changed(assignments=now_has)
        saved = await self._users.save(
            stored.now(user),
            action,
            user.told(self._now()),
            beside=(Beside(user.revocation()),),
        )
        say("privilege_permissions_changed", user_id=user.id, action=action)
        return saved
