"""What tells of a person who was deleted: found wherever it lies, and taken away."""

from typing import TYPE_CHECKING, Any

from functions.auth.domain.guessing import account_failures_id
from functions.auth.domain.user import USERS
from shared.contracts.auth import UserDeleted
from shared.records.forgetting import Forgetting

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy

# Remembered by id alone, so that there is no second one.
SPARED = ("FirstAdministrator",)
INVITED = "c.kind = 'Invitation' AND c.invited_by = @user AND c.inviter_name != ''"
NAMELESS = [{"op": "set", "path": "/inviter_name", "value": ""}]
SENT = "c.kind = 'outbox' AND c.message_id < @told"
OF_THEM = f"{SENT} AND c.body.user_id = @user"
BY_THEM = f"{SENT} AND c.actor.id = @user"
OF_ADDRESS = "(c.kind = 'Invitation' AND c.email = @email) OR c.id = @failures"


class CosmosTraces:
    """Safe to repeat: what is gone is not found again."""

    def __init__(self, container: "ContainerProxy") -> None:
        self._forgetting = Forgetting(container)

    async def forget_address(self, tenant_id: str, email: str) -> None:
        """Invitations to it, and who knocked in its name."""
        values = {"@email": email, "@failures": account_failures_id(email)}
        found = await self._forgetting.found(tenant_id, OF_ADDRESS, values, USERS)
        await self._forgetting.trails(tenant_id, USERS, [item["id"] for item in found])
        await self._forgetting.removed(tenant_id, found)

    async def forget_user(self, event: UserDeleted) -> None:
        """All that is theirs, and copies of messages of them or by them that were sent.

        In a partition the relay keeps the order: whoever hears this event knows that all before it
        there is sent. What was told of them elsewhere is of no use any more.
        """
        tenant_id, user_id = event.tenant_id, event.user_id
        await self._forgetting.trails(tenant_id, USERS, [user_id])
        await self._forgetting.person(tenant_id, user_id, spared=SPARED)
        await self._nameless(tenant_id, user_id)
        sent = {"@user": user_id, "@told": event.id}
        for condition, key in ((OF_THEM, None), (BY_THEM, USERS)):
            told = await self._forgetting.found(tenant_id, condition, sent, key)
            await self._forgetting.removed(tenant_id, told)

    async def _nameless(self, tenant_id: str, user_id: str) -> None:
        """Those whom they invited need not be asked again."""
        invited = await self._forgetting.found(tenant_id, INVITED, {"@user": user_id}, USERS)
        lines: list[tuple[Any, ...]] = [("patch", (item["id"], NAMELESS), {}) for item in invited]
        await self._forgetting.written(tenant_id, USERS, lines)
