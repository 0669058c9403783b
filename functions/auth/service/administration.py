"""The last administrator stays: neither disabled, nor demoted, nor deleted."""

from functions.auth.domain.administration import TURN, AdministratorsTurn, administers
from functions.auth.domain.refusals import LastAdministrator
from functions.auth.domain.user import USERS, User
from functions.auth.service.access import AdministratorsTurns, Holders
from shared.errors import Conflict, Missing
from shared.records.document import Beside, Stored


class Administration:
    """Who changes a user in such a way asks here first."""

    def __init__(self, holders: Holders, turns: AdministratorsTurns) -> None:
        self._holders = holders
        self._turns = turns

    async def may_become(self, before: User, after: User | None) -> tuple[Beside, ...]:
        """To be saved beside the user (`after` None: who is deleted). Of two administrators who
        leave at once, the save of one raises Stale.

        Raises LastAdministrator.
        """
        if not administers(before) or (after is not None and administers(after)):
            return ()
        turn = await self._turn(before.tenant_id)  # read before the others are looked for
        if not await self._holders.another_administrator(before.tenant_id, before.id):
            raise LastAdministrator("Make somebody else an administrator first.")
        return (Beside(turn.document.next(), stored=turn),)

    async def _turn(self, tenant_id: str) -> Stored[AdministratorsTurn]:
        try:
            return await self._turns.get(tenant_id, TURN, USERS)
        except Missing:
            first = AdministratorsTurn(id=TURN, tenant_id=tenant_id)
        try:
            return await self._turns.save(Stored(first), "begin turns")
        except Conflict:  # somebody else began them
            return await self._turns.get(tenant_id, TURN, USERS)
