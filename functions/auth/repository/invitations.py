"""Invitations, beside the users that they make."""

from datetime import datetime

from functions.auth.domain.invitations import Addressed, Invitation, InvitationStatus
from functions.auth.domain.user import USERS, User
from shared.identity.kinds import INVITATION
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored
from shared.records.several import CosmosSeveral

ENDED = "NOT IS_NULL(c.{}_at)"
UNDECIDED = "IS_NULL(c.accepted_at) AND IS_NULL(c.withdrawn_at)"
CONDITIONS = {
    InvitationStatus.OPEN: f"{UNDECIDED} AND c.sent_at > @since",
    InvitationStatus.EXPIRED: f"{UNDECIDED} AND c.sent_at <= @since",
    InvitationStatus.ACCEPTED: ENDED.format("accepted"),
    InvitationStatus.WITHDRAWN: ENDED.format("withdrawn"),
}
SAME_ADDRESS = (
    f"(c.kind = 'User' AND c.email = @email) OR (c.kind = 'Invitation' AND c.email = @email "
    f"AND {CONDITIONS[InvitationStatus.OPEN]})"
)


class CosmosInvitations(CosmosDocuments[Invitation]):
    """Invitations of a tenant."""

    async def addressed(self, tenant_id: str, email: str, at: datetime) -> Addressed:
        """One query for whatever stands against an invitation."""
        several = CosmosSeveral(self._container, User, Invitation)
        values = {"@email": email, "@since": _since(at)}
        found = await several.where(tenant_id, SAME_ADDRESS, values, key=USERS)
        return Addressed(found.one(User), found.of(Invitation))

    async def listed(
        self,
        tenant_id: str,
        status: InvitationStatus | None,
        after: str | None,
        limit: int,
    ) -> list[Stored[Invitation]]:
        condition = CONDITIONS[status] if status else ""
        values = {"@since": _since(self._now())} if "@since" in condition else {}
        return await self.where(tenant_id, condition, values, key=USERS, after=after, limit=limit)


def _since(at: datetime) -> str:
    """As documents hold moments: what was sent before has expired."""
    return (at - INVITATION.lifetime).isoformat().replace("+00:00", "Z")
