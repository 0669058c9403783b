"""Challenge tokens: somebody has proven one thing, and is asked for another."""

import secrets
from datetime import datetime

from functions.auth.domain import challenge
from functions.auth.domain.challenge import Challenge, Purpose
from functions.auth.domain.guessing import account_failures_id
from functions.auth.domain.refusals import ChallengeEnded, MfaRequired
from functions.auth.domain.user import User
from functions.auth.service.ports import IssueToken, VerifyToken
from shared.errors import Unauthenticated
from shared.identity.kinds import CHALLENGE
from shared.platform.clock import Clock

LIVES_S = int(CHALLENGE.lifetime.total_seconds())


class Challenges:
    """Nothing is kept of a challenge until it is answered: all that it says is in its token."""

    def __init__(self, issue: IssueToken, verify: VerifyToken, now: Clock) -> None:
        self._issue = issue
        self._verify = verify
        self._now = now

    async def token(self, asked: Challenge) -> str:
        return await self._issue(CHALLENGE, self._now(), asked.claims())

    async def read(self, token: str, *purposes: Purpose) -> Challenge:
        """Raises ChallengeEnded."""
        try:
            asked = challenge.read(await self._verify(CHALLENGE, token, self._now()))
        except Unauthenticated as error:
            raise _ended() from error
        if asked.purpose not in purposes:
            raise _ended()
        return asked

    async def demanded(
        self,
        user: User,
        purpose: Purpose,
        at: datetime,
        *,
        session_id: str = "",
        knows_password: bool = True,
    ) -> MfaRequired:
        """To be raised where the first factor was proven `at` and the user has a second."""
        asked = asked_of(user, purpose, at, session_id=session_id, knows_password=knows_password)
        factors = [
            {"id": factor.id, "kind": factor.kind, "name": factor.name}
            for factor in user.factors
            if asked.admits(factor)
        ]
        return MfaRequired(
            "Prove a second factor.",
            challenge_token=await self.token(asked),
            expires_in=LIVES_S,
            factors=factors,
        )


def asked_of(
    user: User,
    purpose: Purpose,
    at: datetime,
    *,
    session_id: str = "",
    knows_password: bool = False,
) -> Challenge:
    """A challenge that only this user can answer."""
    return Challenge(
        id=new_challenge_id(),
        purpose=purpose,
        tenant_id=user.tenant_id,
        at=at,
        user_id=user.id,
        account_id=account_failures_id(user.email),
        session_id=session_id,
        knows_password=knows_password,
    )


def new_challenge_id() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def _ended() -> ChallengeEnded:
    return ChallengeEnded("This took too long or was answered before. Begin again.")
