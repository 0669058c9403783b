"""The second half of a login, and logins with a passkey alone."""

from functions.auth.domain import enrolment
from functions.auth.domain.challenge import Challenge, Purpose
from functions.auth.domain.factors import AddressSecret, Factor, PasskeySecret
from functions.auth.domain.refusals import ChallengeEnded
from functions.auth.domain.user import USERS, User
from functions.auth.models.logins import TokensView
from functions.auth.models.mfa import (
    AskChallenge,
    ChallengeView,
    PasskeyChallengeView,
    PasskeyLogin,
    Verify,
)
from functions.auth.service.challenges import LIVES_S, Challenges, new_challenge_id
from functions.auth.service.codes import Codes
from functions.auth.service.opening import Opening
from functions.auth.service.ports import Client, Passkeys, Users
from functions.auth.service.proofs import Given, Proven
from functions.auth.service.proving import Proving
from shared.errors import Missing
from shared.platform.clock import Clock
from shared.records.document import Stored
from shared.records.rereading import until_fresh
from shared.telemetry.scope import Actor, acting_as


class SecondFactor:
    """From a challenge to tokens, in at most three Cosmos calls."""

    def __init__(self, challenges: Challenges, proving: Proving, opening: Opening) -> None:
        self._challenges = challenges
        self._proving = proving
        self._opening = opening

    async def verify(self, wish: Verify, client: Client) -> TokensView:
        """Raises ChallengeEnded or MfaFailed."""
        challenge = await self._challenges.read(wish.challenge_token, Purpose.LOGIN)
        given = Given(wish.factor_id, wish.code or "", wish.credential)
        return await self.answered(challenge, given, client)

    async def answered(self, challenge: Challenge, given: Given, client: Client) -> TokensView:
        """The tokens of whoever answers it. Raises ChallengeEnded or MfaFailed."""
        return await self._opened(await self._proving.of(challenge, given, client), client)

    async def log_in_with_passkey(self, wish: PasskeyLogin, client: Client) -> TokensView:
        """Raises ChallengeEnded or MfaFailed."""
        challenge = await self._challenges.read(wish.challenge_token, Purpose.PASSKEY)
        proven = await self._proving.of_passkey(challenge, wish.credential, client)
        return await self._opened(proven, client)

    async def _opened(self, proven: Proven, client: Client) -> TokensView:
        return await self._opening.session(
            proven.user, client, proven.assurance, proven.at, by_factor=True
        )


class Asking:
    """What somebody is asked who is to prove a factor."""

    def __init__(
        self,
        challenges: Challenges,
        users: Users,
        passkeys: Passkeys,
        codes: Codes,
        now: Clock,
    ) -> None:
        self._challenges = challenges
        self._users = users
        self._passkeys = passkeys
        self._codes = codes
        self._now = now

    async def of(self, wish: AskChallenge) -> ChallengeView | None:
        """None when a code was sent. Raises ChallengeEnded, Missing or CodesTooOften."""
        challenge = await self._challenges.read(
            wish.challenge_token, Purpose.LOGIN, Purpose.STEP_UP, Purpose.RESET
        )
        return await until_fresh(lambda: self._of_factor(challenge, wish.factor_id))

    async def _of_factor(self, challenge: Challenge, factor_id: str) -> ChallengeView | None:
        stored = await self._users.get(challenge.tenant_id, challenge.user_id, USERS)
        user = stored.document
        if not challenge.holds_for(user):
            raise ChallengeEnded("Begin again.")
        factor = enrolment.factor_of(user, factor_id)
        if not challenge.admits(factor):
            raise Missing(f"There is no factor {factor.id}.")
        secret = user.factor_secrets[factor.id]
        if isinstance(secret, AddressSecret):
            await self._send(stored, factor, secret, challenge)
            return None
        if isinstance(secret, PasskeySecret):
            return ChallengeView(
                options=self._passkeys.request(challenge.nonce, [secret], alone=False)
            )
        return ChallengeView()

    async def of_passkey(self, tenant_id: str) -> PasskeyChallengeView:
        """Of nobody in particular: who it is, the passkey says."""
        asked = Challenge(new_challenge_id(), Purpose.PASSKEY, tenant_id, self._now())
        return PasskeyChallengeView(
            challenge_token=await self._challenges.token(asked),
            expires_in=LIVES_S,
            options=self._passkeys.request(asked.nonce, [], alone=True),
        )

    async def _send(
        self, stored: Stored[User], factor: Factor, secret: AddressSecret, challenge: Challenge
    ) -> None:
        user, at = stored.document, self._now()
        sending, wanted = await self._codes.made(user, factor, secret, challenge.id, at)
        changed = enrolment.sending(user, factor.id, sending)
        with acting_as(Actor("user", user.id)):
            await self._users.save(stored.now(changed), "send code", wanted)
