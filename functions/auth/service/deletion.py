"""Deleting users: what is personal goes, what they did stays on record under their id."""

from functions.auth.domain.former import FormerUser, former
from functions.auth.domain.refusals import OwnDeletion
from functions.auth.domain.user import USERS, email_owner
from functions.auth.service.administration import Administration
from functions.auth.service.ports import Traces, Users
from functions.auth.service.sessions import SessionService
from shared.contracts.auth import UserDeleted
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.records.document import Beside, Documents
from shared.telemetry.logs import say


class DeletionService:
    """The user is gone with one save; what they have left is swept up afterwards."""

    def __init__(
        self,
        users: Users,
        former_users: Documents[FormerUser],
        administration: Administration,
        sessions: SessionService,
        traces: Traces,
        now: Clock,
    ) -> None:
        self._users = users
        self._former = former_users
        self._administration = administration
        self._sessions = sessions
        self._traces = traces
        self._now = now

    async def delete(self, caller: Caller, user_id: str, if_match: str | None) -> None:
        """Their tokens are refused everywhere within seconds, and the e-mail address is free.

        Raises Missing, Stale, OwnDeletion or LastAdministrator.
        """
        stored = (await self._users.get(caller.tenant_id, user_id, USERS)).matching(if_match)
        user = stored.document
        if user.id == caller.id:
            raise OwnDeletion("Another administrator has to delete you.")
        turn = await self._administration.may_become(user, None)
        await self._traces.forget_address(user.tenant_id, user.email)
        gone = former(stored, self._now())
        owner = Beside(email_owner(user), exists="removed")
        revocation = Beside(user.changed(active=False).revocation())
        await self._former.save(
            gone, "delete user", gone.document.told(), beside=(owner, revocation, *turn)
        )
        say("user_deleted", user_id=user.id)

    async def clean_up(self, event: UserDeleted) -> None:
        """End their logins and take away what tells of them. Safe to repeat."""
        await self._sessions.end_all(event.tenant_id, event.user_id, action="end session")
        await self._traces.forget_user(event)
