"""One's own factors: added, confirmed, renamed, removed, and the codes for when all are lost."""

import secrets
from collections.abc import Callable

from functions.auth.domain import enrolment, proofs
from functions.auth.domain.user import USERS, User
from functions.auth.models.factors import RecoveryCodesView
from functions.auth.service.notices import noticed
from functions.auth.service.ports import Client, Users
from functions.auth.service.sessions import SessionService
from shared.contracts.auth import Notice
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.document import Stored
from shared.records.rereading import until_fresh


class FactorService:
    """Changes by the owner, who has lately proven who they are, and with a factor if they have."""

    def __init__(self, users: Users, sessions: SessionService, now: Clock) -> None:
        self._users = users
        self._sessions = sessions
        self._now = now

    async def rename(self, caller: Caller, factor_id: str, name: str) -> User:
        """Raises Missing."""
        return await self._changed(
            caller, lambda user: enrolment.renamed(user, factor_id, name), "rename factor"
        )

    async def remove(self, caller: Caller, factor_id: str, client: Client) -> None:
        """It counts no more, and every other login ends. Raises Missing."""
        await self._changed(
            caller,
            lambda user: enrolment.removed(user, factor_id),
            "remove factor",
            notice=Notice.FACTOR_REMOVED,
            client=client,
        )
        await self._sessions.end_all(caller.tenant_id, caller.id, kept=caller.session_id)

    async def make_recovery_codes(self, caller: Caller, client: Client) -> RecoveryCodesView:
        """In place of those before. Raises NoFactor."""
        codes, at = new_recovery_codes(), self._now()
        secret = proofs.recovery_secret(codes)
        await self._changed(
            caller,
            lambda user: enrolment.with_recovery_codes(user, new_id(), secret, at),
            "make recovery codes",
            notice=Notice.RECOVERY_CODES_MADE,
            client=client,
        )
        return RecoveryCodesView(recovery_codes=codes)

    async def _changed(
        self,
        caller: Caller,
        change: Callable[[User], User],
        action: str,
        *,
        notice: Notice | None = None,
        client: Client | None = None,
    ) -> User:
        async def attempt() -> User:
            stored = await owned(self._users, caller)
            user = change(stored.document)
            told = [noticed(user, notice, self._now(), client)] if notice else []
            return (await self._users.save(stored.now(user), action, *told)).document

        return await until_fresh(attempt)


async def owned(users: Users, caller: Caller) -> Stored[User]:
    """The caller, who may change their factors. Raises StepUpRequired."""
    stored = await users.get(caller.tenant_id, caller.id, USERS)
    if stored.document.strongly_protected:
        caller.must_be_strong()
    return stored


def new_recovery_codes() -> list[str]:
    """Ten, of 120 bits each."""
    return [
        proofs.recovery_code(
            "".join(secrets.choice(proofs.RECOVERY_ALPHABET) for _ in range(proofs.RECOVERY_LENGTH))
        )
        for _ in range(proofs.RECOVERY_CODES)
    ]
