"""A login begins, however somebody proved who they are: its session and its first tokens."""

import secrets
from datetime import datetime

from functions.auth.domain.challenge import Purpose
from functions.auth.domain.session import Assurance, Session, hashed
from functions.auth.domain.user import User
from functions.auth.models.logins import TokensView
from functions.auth.service.access import RightsClaims
from functions.auth.service.challenges import Challenges
from functions.auth.service.ports import Client, FirstPasswords, IssueToken, Sessions
from shared.contracts.auth import UserLoggedIn
from shared.identity.kinds import ACCESS, REFRESH
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Stored
from shared.telemetry.logs import say
from shared.telemetry.scope import Actor, acting_as


class Opening:
    """Opens sessions, and issues the tokens of those that are open."""

    def __init__(
        self,
        sessions: Sessions,
        issue: IssueToken,
        challenges: Challenges,
        first: FirstPasswords,
        rights: RightsClaims,
        now: Clock,
    ) -> None:
        self._sessions = sessions
        self._issue = issue
        self._challenges = challenges
        self._first = first
        self._rights = rights
        self._now = now

    async def by_password(self, user: User, client: Client, proven_at: datetime) -> TokensView:
        """Raises PasswordChangeRequired where it is a first one, else as `session` does."""
        if user.must_change_password:
            raise await self._first.demanded(user)
        return await self.session(user, client, Assurance.AAL1, proven_at)

    async def session(
        self,
        user: User,
        client: Client,
        assurance: Assurance,
        proven_at: datetime,
        *,
        by_factor: bool = False,
    ) -> TokensView:
        """One Cosmos call. `proven_at` is from before the proof was checked: should the password
        change meanwhile, this login began before.

        Raises MfaRequired where the user has a second factor, unless one was proven (`by_factor`).
        """
        if user.protected and not by_factor:
            raise await self._challenges.demanded(user, Purpose.LOGIN, proven_at)
        secret = secrets.token_urlsafe(32)
        session = Session(
            id=new_id(),
            tenant_id=user.tenant_id,
            user_id=user.id,
            secret_hash=hashed(secret),
            started_at=proven_at,
            seen_at=proven_at,
            authenticated_at=proven_at,
            assurance=assurance,
            device=client.device,
            address=client.address,
        )
        with acting_as(Actor("user", user.id)):
            await self._sessions.save(Stored(session), "log in", _told(session))
            say("authn_login_success", user_id=user.id, assurance=assurance)
        return await self.tokens(user, session, secret)

    async def tokens(self, user: User, session: Session, secret: str) -> TokensView:
        """The tokens of an open session whose refresh token holds `secret`."""
        now = self._now()
        whose = {"sub": user.id, "sid": session.id, "tenant_id": user.tenant_id}
        rights = await self._rights(user)
        claims = {
            **whose,
            "roles": sorted(user.roles),
            "name": user.name,
            "ver": user.rights_version,
            "auth_time": int(session.authenticated_at.timestamp()),
            "acr": session.assurance,
            **rights,
        }
        own = {"roles": list(rights["rver"])} if rights else {}  # read together with the user
        return TokensView(
            access_token=await self._issue(ACCESS, now, claims),
            refresh_token=await self._issue(REFRESH, now, {**whose, **own, "jti": secret}),
            expires_in=int(ACCESS.lifetime.total_seconds()),
        )


def _told(session: Session) -> UserLoggedIn:
    return UserLoggedIn(
        tenant_id=session.tenant_id,
        at=session.started_at,
        user_id=session.user_id,
        session_id=session.id,
        device=session.device,
        address=session.address,
    )
