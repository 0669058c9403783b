"""The second factor of somebody who resets their password."""

from functions.auth.domain.challenge import Purpose
from functions.auth.domain.refusals import ChallengeEnded, MfaRequired
from functions.auth.domain.user import User
from functions.auth.models.recovery import CompleteReset
from functions.auth.service.challenges import Challenges
from functions.auth.service.ports import Client
from functions.auth.service.proofs import Given
from functions.auth.service.proving import Proving
from shared.platform.clock import Clock


class SecondProofOfReset:
    """The mailbox is proven by the link: only factors that are more than a mailbox are asked."""

    def __init__(self, challenges: Challenges, proving: Proving, now: Clock) -> None:
        self._challenges = challenges
        self._proving = proving
        self._now = now

    async def demanded(self, user: User) -> MfaRequired:
        """To be raised."""
        return await self._challenges.demanded(
            user, Purpose.RESET, self._now(), knows_password=False
        )

    async def prove(self, user: User, wish: CompleteReset, client: Client) -> None:
        """Raises ChallengeEnded or MfaFailed, and counts it as a failed login."""
        challenge = await self._challenges.read(wish.challenge_token or "", Purpose.RESET)
        if challenge.user_id != user.id:
            raise ChallengeEnded("This challenge was for another. Begin again.")
        given = Given(wish.factor_id or "", wish.code or "", wish.credential)
        await self._proving.of(challenge, given, client)
