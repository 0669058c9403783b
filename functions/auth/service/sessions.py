"""Staying in, seeing where one is in, and getting out."""

import secrets

from functions.auth.domain.refusals import SessionEnded
from functions.auth.domain.session import Session, sessions_of
from functions.auth.models.logins import LogoutScope, TokensView
from functions.auth.service.opening import Opening
from functions.auth.service.ports import Logins, Sessions, VerifyToken
from shared.contracts import Told
from shared.contracts.auth import Notice, SecurityNoticed
from shared.errors import Missing, Stale, Unauthenticated
from shared.identity.caller import Caller
from shared.identity.kinds import REFRESH
from shared.platform.clock import Clock
from shared.records.document import Beside, Stored
from shared.records.rereading import until_fresh
from shared.telemetry.scope import Actor, acting_as


class SessionService:
    """The logins of users, from the first refresh to their end."""

    def __init__(
        self,
        sessions: Sessions,
        logins: Logins,
        opening: Opening,
        verify: VerifyToken,
        now: Clock,
    ) -> None:
        self._sessions = sessions
        self._logins = logins
        self._opening = opening
        self._verify = verify
        self._now = now

    async def refresh(self, token: str) -> TokensView:
        """New tokens for old, in two Cosmos calls. Raises SessionEnded.

        A refresh token that comes back was stolen, or its successor was: the login ends.
        """
        now = self._now()
        try:
            claims = await self._verify(REFRESH, token, now)
        except Unauthenticated as error:
            raise SessionEnded("Log in again.") from error
        found = await self._logins.found(
            claims["tenant_id"], claims["sub"], claims["sid"], claims.get("roles", ())
        )
        if found is None:
            raise SessionEnded("Log in again.")
        stored, user = found[0], found[1].document
        if not stored.document.alive(now) or not user.lets_on(stored.document):
            raise SessionEnded("Log in again.")
        with acting_as(Actor("user", user.id)):
            if not stored.document.accepts(claims["jti"]):
                raise await self._reused(stored.document)
            secret = secrets.token_urlsafe(32)
            session = stored.document.rotated(secret, now)
            try:
                await self._sessions.save(stored.now(session), "refresh")
            except Stale:
                raise await self._reused(session) from None
        return await self._opening.tokens(user, session, secret)

    async def alive(self, tenant_id: str, user_id: str) -> list[Session]:
        """The logins that still count, the newest first."""
        now = self._now()
        found = [s.document for s in await self._sessions.alive(tenant_id, user_id)]
        return [session for session in found if session.alive(now)]

    async def log_out(self, caller: Caller, scope: LogoutScope) -> None:
        """Safe to repeat. What ends is refused everywhere within seconds.

        Raises StepUpRequired where others are to end and the proof of this one is not recent."""
        if scope is LogoutScope.LOCAL:
            await self._end_one(caller.tenant_id, caller.id, caller.session_id)
        else:
            caller.must_be_recent(self._now())
            kept = caller.session_id if scope is LogoutScope.OTHERS else ""
            await self.end_all(caller.tenant_id, caller.id, kept=kept)

    async def strengthen(self, caller: Caller) -> None:
        """The caller has proven a second factor in this login."""

        async def attempt() -> None:
            stored = await self._sessions.get(
                caller.tenant_id, caller.session_id, sessions_of(caller.id)
            )
            strong = stored.document.strengthened(self._now())
            await self._sessions.save(stored.now(strong), "prove factor")

        await until_fresh(attempt)

    async def end(self, tenant_id: str, user_id: str, session_id: str) -> None:
        """One login. Raises Missing."""
        await self._sessions.get(tenant_id, session_id, sessions_of(user_id))
        await self._end_one(tenant_id, user_id, session_id)

    async def revoke(self, tenant_id: str, user_id: str, session_id: str | None = None) -> None:
        """By an administrator: one login or all of them. The user is told, once. Raises Missing."""
        alive = await self._sessions.alive(tenant_id, user_id)
        if session_id is not None:
            alive = [await self._sessions.get(tenant_id, session_id, sessions_of(user_id))]
        notice = SecurityNoticed(
            tenant_id=tenant_id, at=self._now(), user_id=user_id, notice=Notice.SESSION_REVOKED
        )
        for number, stored in enumerate(alive):
            told = [] if number else [notice]
            await self._end(stored.document, "revoke session", *told)

    async def end_all(
        self, tenant_id: str, user_id: str, *, kept: str = "", action: str = "log out"
    ) -> None:
        """All logins of a user but `kept`. Safe to repeat: ended ones are not found again."""
        for stored in await self._sessions.alive(tenant_id, user_id):
            if stored.document.id != kept:
                await self._end(stored.document, action)

    async def _end_one(self, tenant_id: str, user_id: str, session_id: str) -> None:
        try:
            stored = await self._sessions.get(tenant_id, session_id, sessions_of(user_id))
        except Missing:
            return
        await self._end(stored.document, "log out")

    async def _reused(self, session: Session) -> SessionEnded:
        await self._end(session, "end session: token reused")
        return SessionEnded("This refresh token was used before. Log in again.")

    async def _end(self, session: Session, action: str, *told: Told) -> None:
        await until_fresh(lambda: self._ended(session, action, *told))

    async def _ended(self, session: Session, action: str, *told: Told) -> None:
        """As it is by now. Raises Stale when it was just refreshed."""
        stored: Stored[Session] = await self._sessions.get(
            session.tenant_id, session.id, session.key
        )
        if stored.document.ended_at is None:
            ended = stored.document.ended(self._now())
            await self._sessions.save(
                stored.now(ended), action, *told, beside=(Beside(ended.revocation()),)
            )
