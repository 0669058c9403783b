"""Which envelopes people with a login see: senders all, others those that concern them."""

from functions.esignature.domain.envelope import Envelope, EnvelopeStatus
from functions.esignature.service.ports import Envelopes
from shared.errors import Missing
from shared.identity.caller import Caller
from shared.records.audit import AuditTrail
from shared.records.document import Stored

SEES_ALL = "esignature:write"


class ReadingService:
    """An envelope that is not for the caller is Missing, as if it did not exist."""

    def __init__(self, envelopes: Envelopes) -> None:
        self._envelopes = envelopes

    async def get(self, caller: Caller, envelope_id: str) -> Stored[Envelope]:
        """Raises Missing."""
        stored = await self._envelopes.get(caller.tenant_id, envelope_id)
        sees = caller.may(SEES_ALL, resource=f"envelopes/{envelope_id}")
        if not sees and not stored.document.concerns(caller.id):
            raise Missing(f"There is no envelope {envelope_id}.")
        return stored

    async def trail(self, caller: Caller, envelope_id: str) -> AuditTrail:
        """Raises Missing."""
        await self.get(caller, envelope_id)
        return await self._envelopes.trail(caller.tenant_id, envelope_id)

    async def listed(
        self, caller: Caller, status: EnvelopeStatus | None, after: str | None, limit: int
    ) -> list[Stored[Envelope]]:
        """Newest first."""
        tenant_id = caller.tenant_id
        if caller.may(SEES_ALL):
            return await self._envelopes.listed(tenant_id, status, after, limit)
        return await self._envelopes.concerning(tenant_id, caller.id, status, after, limit)
