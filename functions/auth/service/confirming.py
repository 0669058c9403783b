"""A new factor is confirmed by proving that it works; from then on nobody gets in without it."""

from datetime import datetime

from functions.auth.domain import enrolment, proofs
from functions.auth.domain.challenge import nonce_of
from functions.auth.domain.factors import STRONG, Factor, FactorSecret, PasskeySecret
from functions.auth.domain.guessing import account_failures_id
from functions.auth.domain.refusals import FactorNotConfirmed
from functions.auth.domain.user import User
from functions.auth.models.factors import ConfirmFactor, RecoveryCodesView
from functions.auth.service.factors import new_recovery_codes, owned
from functions.auth.service.notices import noticed
from functions.auth.service.ports import Client, Guesses, Users
from functions.auth.service.proofs import Given, Proofs
from functions.auth.service.sessions import SessionService
from functions.auth.service.turns import Turns
from shared.contracts.auth import Notice
from shared.errors import Missing
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Stored
from shared.records.rereading import until_fresh


class Confirming:
    """Guesses count as those of passwords do."""

    def __init__(
        self,
        users: Users,
        guesses: Guesses,
        proofs_: Proofs,
        sessions: SessionService,
        turns: Turns,
        now: Clock,
    ) -> None:
        self._users = users
        self._guesses = guesses
        self._proofs = proofs_
        self._sessions = sessions
        self._turns = turns
        self._now = now

    async def confirm(
        self, caller: Caller, factor_id: str, wish: ConfirmFactor, client: Client
    ) -> RecoveryCodesView:
        """The first factor brings recovery codes, and every other login ends.

        Raises StepUpRequired, Missing or FactorNotConfirmed.
        """
        return await until_fresh(lambda: self._confirmed(caller, factor_id, wish, client))

    async def _confirmed(
        self, caller: Caller, factor_id: str, wish: ConfirmFactor, client: Client
    ) -> RecoveryCodesView:
        stored = await owned(self._users, caller)
        user = stored.document
        factor = enrolment.factor_of(user, factor_id)
        if factor.confirmed or not factor.counts_or_may_yet(self._now()):
            raise Missing(f"There is no factor {factor_id} to be confirmed.")
        async with self._turns.of(user.tenant_id, account_failures_id(user.email)):
            secret = await self._proven(user, factor, wish, client)
        codes = [] if user.protected else new_recovery_codes()
        await self._counted(stored, factor, secret, codes, caller.session_id, client)
        if factor.kind in STRONG:
            await self._sessions.strengthen(caller)
        if codes:
            await self._sessions.end_all(caller.tenant_id, caller.id, kept=caller.session_id)
        return RecoveryCodesView(recovery_codes=codes or None)

    async def _proven(
        self, user: User, factor: Factor, wish: ConfirmFactor, client: Client
    ) -> FactorSecret:
        at = self._now()
        knocking = await self._guesses.knocking(user.tenant_id, user.email, client.address)
        secret = None if knocking.locked(at) else await self._left(user, factor, wish, at)
        if secret is None:
            await self._guesses.failed(knocking, at)
            raise FactorNotConfirmed("This does not prove that it works. Try once more.")
        return secret

    async def _left(
        self, user: User, factor: Factor, wish: ConfirmFactor, at: datetime
    ) -> FactorSecret | None:
        secret = user.factor_secrets[factor.id]
        if isinstance(secret, PasskeySecret):
            nonce = nonce_of(secret.challenge)
            return self._proofs.passkeys.registered(wish.credential or {}, nonce)
        given = Given(factor.id, wish.code or "")
        return await self._proofs.left(secret, given, factor.id, b"", at)

    async def _counted(
        self,
        stored: Stored[User],
        factor: Factor,
        secret: FactorSecret,
        codes: list[str],
        session_id: str,
        client: Client,
    ) -> None:
        at = self._now()
        user = enrolment.confirmed(stored.document, factor.id, secret, at, session_id)
        told = [noticed(user, Notice.FACTOR_ADDED, at, client, kind=factor.kind, name=factor.name)]
        if codes:
            kept = proofs.recovery_secret(codes)
            user = enrolment.with_recovery_codes(user, new_id(), kept, at)
        await self._users.save(stored.now(user), "add factor", *told)
