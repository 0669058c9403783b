"""All factors are lost: an administrator starts the reset, and the owner completes it.

The administrator never learns or chooses anything: the link goes to the owner's mailbox, and the
password is asked for beside it.
"""

import secrets
from hmac import compare_digest

from functions.auth.domain import enrolment
from functions.auth.domain.refusals import ChallengeEnded, NoFactor
from functions.auth.domain.session import hashed
from functions.auth.domain.user import USERS, User
from functions.auth.models.factors import CompleteFactorReset
from functions.auth.service.logins import LoginService
from functions.auth.service.notices import noticed
from functions.auth.service.ports import Client, IssueToken, Users, VerifyToken
from functions.auth.service.sessions import SessionService
from shared.contracts.auth import Notice, SecretMail, SecretMailWanted
from shared.errors import Unauthenticated
from shared.identity.caller import Caller
from shared.identity.kinds import FACTOR_RESET
from shared.platform.clock import Clock
from shared.records.document import Stored
from shared.telemetry.scope import Actor, acting_as


class FactorReset:
    """A link that works once and for an hour; a later one makes the earlier void."""

    def __init__(  # noqa: PLR0913 - both ends of a link
        self,
        users: Users,
        logins: LoginService,
        sessions: SessionService,
        issue: IssueToken,
        verify: VerifyToken,
        now: Clock,
        *,
        page: str,
    ) -> None:
        self._users = users
        self._logins = logins
        self._sessions = sessions
        self._issue = issue
        self._verify = verify
        self._page = page
        self._now = now

    async def start(self, caller: Caller, user_id: str) -> None:
        """Raises Missing or NoFactor."""
        stored, at = await self._users.get(caller.tenant_id, user_id, USERS), self._now()
        user = stored.document
        if not user.protected:
            raise NoFactor("This user has no factors.")
        secret = secrets.token_urlsafe(32)
        claims = {"sub": user.id, "tenant_id": user.tenant_id, "jti": secret}
        token = await self._issue(FACTOR_RESET, at, claims)
        wanted = SecretMailWanted(
            tenant_id=user.tenant_id,
            at=at,
            user_id=user.id,
            name=user.name,
            channel="email",
            to=user.email,
            template=SecretMail.FACTOR_RESET,
            values={
                "link": f"{self._page}#token={token}"
            },  # what follows the hash reaches no server
            expires_at=at + FACTOR_RESET.lifetime,
        )
        changed = user.model_copy(update={"factors_reset_hash": hashed(secret)})
        await self._users.save(stored.now(changed), "start factor reset", wanted)

    async def complete(self, wish: CompleteFactorReset, client: Client) -> None:
        """All factors and all logins end. Raises ChallengeEnded or LoginFailed."""
        try:
            claims = await self._verify(FACTOR_RESET, wish.token, self._now())
        except Unauthenticated as error:
            raise _ended() from error
        stored = await self._users.get(claims["tenant_id"], claims["sub"], USERS)
        email = stored.document.email
        await self._logins.proven(claims["tenant_id"], email, wish.password, client)
        stored = await self._users.get(claims["tenant_id"], claims["sub"], USERS)
        user = stored.document
        if not compare_digest(user.factors_reset_hash, hashed(claims["jti"])):
            raise _ended()
        await self._reset(stored, client)
        await self._sessions.end_all(user.tenant_id, user.id)

    async def _reset(self, stored: Stored[User], client: Client) -> None:
        user = enrolment.without_factors(stored.document)
        told = noticed(user, Notice.FACTOR_REMOVED, self._now(), client, kind="all")
        with acting_as(Actor("user", user.id)):
            await self._users.save(stored.now(user), "reset factors", told)


def _ended() -> ChallengeEnded:
    return ChallengeEnded("This link is too old, or was used. Ask for another.")
