"""Somebody answers a challenge, however often they guess: judged, counted, used up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from functions.auth.domain.challenge import Challenge, spent
from functions.auth.domain.factors import FactorKind
from functions.auth.domain.guessing import Knocking, account_failures_id
from functions.auth.domain.refusals import ChallengeEnded, MfaFailed
from functions.auth.domain.user import User
from functions.auth.service.notices import noticed
from functions.auth.service.ports import Client, Guesses, Users
from functions.auth.service.proofs import Given, Proofs, Proven
from functions.auth.service.turns import Turns
from shared.contracts.auth import Notice
from shared.errors import Conflict
from shared.platform.clock import Clock
from shared.records.document import Beside, Stored
from shared.records.rereading import until_fresh
from shared.telemetry.logs import warn
from shared.telemetry.scope import Actor, acting_as


class Proving:
    """Two Cosmos calls for each attempt. Codes count as passwords do, in the same lock."""

    def __init__(
        self, guesses: Guesses, users: Users, proofs: Proofs, turns: Turns, now: Clock
    ) -> None:
        self._guesses = guesses
        self._users = users
        self._proofs = proofs
        self._turns = turns
        self._now = now

    async def of(self, challenge: Challenge, given: Given, client: Client) -> Proven:
        """A challenge is answered once, a code used once. Raises MfaFailed or ChallengeEnded."""
        async with self._turns.of(challenge.tenant_id, challenge.account_id):
            return await until_fresh(lambda: self._attempted(challenge, given, client))

    async def of_passkey(
        self, challenge: Challenge, credential: Mapping[str, Any], client: Client
    ) -> Proven:
        """Whoever's passkey it is. Its failures are counted apart from those of passwords, so that
        somebody who guesses those does not keep the owner out."""
        user_id = self._proofs.passkeys.owner(credential)
        asked = replace(challenge, user_id=user_id, account_id=account_failures_id(user_id))
        return await self.of(asked, Given("", credential=credential), client)

    async def _attempted(self, challenge: Challenge, given: Given, client: Client) -> Proven:
        at = self._now()
        knocking = await self._guesses.of_user(
            challenge.tenant_id, challenge.user_id, challenge.account_id, client.address
        )
        proven = None
        if knocking.user and challenge.holds_for(knocking.user.document):
            proven = await self._judged(knocking.user.document, knocking, challenge, given, at)
        if knocking.user is None or proven is None:
            await self._guesses.failed(knocking, at)
            warn("authn_login_fail", user_id=challenge.user_id, locked=knocking.locked(at))
            raise MfaFailed("This does not prove who you are.")
        await self._used_up(knocking.user, knocking, challenge, proven, client)
        return proven

    async def _judged(
        self, user: User, knocking: Knocking, challenge: Challenge, given: Given, at: datetime
    ) -> Proven | None:
        if knocking.locked(at):
            return None
        if given.credential is not None and not given.factor_id:
            given = self._proofs.passkey_given(user, given.credential)
        return await self._proofs.judged(user, given, challenge, at)

    async def _used_up(
        self,
        stored: Stored[User],
        knocking: Knocking,
        challenge: Challenge,
        proven: Proven,
        client: Client,
    ) -> None:
        """Code and challenge together; what failed before is forgotten. Raises Stale."""
        at, user = self._now(), proven.user
        told = []
        if proven.factor.kind is FactorKind.RECOVERY:
            told.append(noticed(user, Notice.RECOVERY_CODE_USED, at, client))
        forgotten = [knocking.account.model_copy(update={"count": 0})] if knocking.account else []
        beside = [Beside(spent(challenge), exists="taken"), *map(Beside, forgotten)]
        with acting_as(Actor("user", user.id)):
            try:
                await self._users.save(stored.now(user), "prove factor", *told, beside=beside)
            except Conflict as error:
                raise ChallengeEnded("This challenge was answered before. Begin again.") from error
