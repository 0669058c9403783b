"""Proving once more who one is: a new login takes the place of the one that has grown old."""

from dataclasses import replace
from datetime import datetime

from functions.auth.domain.challenge import Challenge, Purpose
from functions.auth.domain.refusals import ChallengeEnded, LoginFailed
from functions.auth.domain.user import USERS, User
from functions.auth.models.logins import LogoutScope, TokensView
from functions.auth.models.mfa import Reauthenticate
from functions.auth.service.challenges import Challenges, asked_of
from functions.auth.service.logins import LoginService
from functions.auth.service.ports import Client, Users
from functions.auth.service.proofs import Given
from functions.auth.service.second_factor import SecondFactor
from functions.auth.service.sessions import SessionService
from shared.identity.caller import Caller
from shared.platform.clock import Clock


class Reauthentication:
    """The password of who has no factor. Of who has one, that factor: it and the login that it is
    asked in are two (NIST SP 800-63B-4, section 2.2.3); a mailbox counts with the password only."""

    def __init__(
        self,
        users: Users,
        logins: LoginService,
        challenges: Challenges,
        second_factor: SecondFactor,
        sessions: SessionService,
        now: Clock,
    ) -> None:
        self._users = users
        self._logins = logins
        self._challenges = challenges
        self._second_factor = second_factor
        self._sessions = sessions
        self._now = now

    async def again(self, caller: Caller, wish: Reauthenticate, client: Client) -> TokensView:
        """Raises LoginFailed, MfaRequired, MfaFailed or ChallengeEnded."""
        at = self._now()
        user = (await self._users.get(caller.tenant_id, caller.id, USERS)).document
        if wish.password is not None:
            user, at = await self._logins.proven(
                caller.tenant_id, user.email, wish.password, client
            )
        if user.protected:
            tokens = await self._by_factor(caller, user, wish, at, client)
        elif wish.password is None:
            raise LoginFailed("Send your password.")
        else:
            tokens = await self._logins.opened(user, client, at)
        await self._sessions.log_out(caller, LogoutScope.LOCAL)
        return tokens

    async def _by_factor(
        self, caller: Caller, user: User, wish: Reauthenticate, at: datetime, client: Client
    ) -> TokensView:
        knows_password = wish.password is not None
        if wish.factor_id is None and wish.credential is None:
            raise await self._challenges.demanded(
                user,
                Purpose.STEP_UP,
                at,
                session_id=caller.session_id,
                knows_password=knows_password,
            )
        challenge = asked_of(user, Purpose.STEP_UP, at, knows_password=knows_password)
        if wish.challenge_token is not None:
            challenge = await self._answered(caller, challenge, wish.challenge_token)
        given = Given(wish.factor_id or "", wish.code or "", wish.credential)
        return await self._second_factor.answered(challenge, given, client)

    async def _answered(self, caller: Caller, ours: Challenge, token: str) -> Challenge:
        """The challenge of this token, which must be of this very login, or of any passkey."""
        asked = await self._challenges.read(token, Purpose.STEP_UP, Purpose.PASSKEY)
        if asked.purpose is Purpose.PASSKEY:
            return replace(ours, id=asked.id, purpose=asked.purpose)
        if (asked.user_id, asked.session_id) != (caller.id, caller.session_id):
            raise ChallengeEnded("This is the challenge of another login.")
        return replace(asked, knows_password=asked.knows_password or ours.knows_password)
