"""What happens to envelopes only because time passes. Tenant after tenant, page after page."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

from functions.esignature.domain.envelope import Envelope
from functions.esignature.domain.signing import told_of_the_end
from functions.esignature.service.ports import Envelopes, Tenants
from shared.contracts.esignature import EnvelopeExpired, SealEnvelope
from shared.errors import Stale
from shared.platform.clock import Clock
from shared.records.document import Stored
from shared.telemetry.logs import say, warn

PAGE = 100
SEAL_PATIENCE = timedelta(hours=1)

Find = Callable[[str | None, int], Awaitable[list[Stored[Envelope]]]]


class TimekeepingService:
    """Safe to repeat: what was done is not found again. Whoever changed meanwhile is left alone."""

    def __init__(self, envelopes: Envelopes, tenants: Tenants, now: Clock) -> None:
        self._envelopes = envelopes
        self._tenants = tenants
        self._now = now

    async def expire_overdue(self) -> int:
        """How many envelopes expired."""
        expired = 0
        for tenant_id in await self._tenants.all():
            async for stored in self._overdue(tenant_id):
                expired += await self._expire(stored)
        say("esignature.expired", count=expired)
        return expired

    async def ask_again_for_seals(self) -> int:
        """A job that ran out of deliveries, while the timestamp authority was down, is put anew."""
        asked = 0
        for tenant_id in await self._tenants.all():
            async for stored in self._unsealed(tenant_id):
                asked += await self._ask_again(stored)
        if asked:
            warn("esignature.seals_outstanding", count=asked)
        return asked

    async def _expire(self, stored: Stored[Envelope]) -> bool:
        now = self._now()
        envelope = stored.document.expired(now)
        told = EnvelopeExpired(
            tenant_id=envelope.tenant_id,
            at=now,
            envelope_id=envelope.id,
            title=envelope.title,
            created_by=envelope.created_by,
            signers=[each.recipient for each in told_of_the_end(envelope)],
        )
        try:
            await self._envelopes.save(stored.now(envelope), "expire envelope", told)
        except Stale:
            return False
        return True

    async def _ask_again(self, stored: Stored[Envelope]) -> bool:
        now = self._now()
        envelope = stored.document.seal_requested(now)
        job = SealEnvelope(tenant_id=envelope.tenant_id, at=now, envelope_id=envelope.id)
        try:
            await self._envelopes.save(stored.now(envelope), "ask again for seal", job)
        except Stale:
            return False
        return True

    def _overdue(self, tenant_id: str) -> AsyncIterator[Stored[Envelope]]:
        now = self._now()
        return _all(lambda after, limit: self._envelopes.overdue(tenant_id, now, after, limit))

    def _unsealed(self, tenant_id: str) -> AsyncIterator[Stored[Envelope]]:
        before = self._now() - SEAL_PATIENCE
        return _all(lambda after, limit: self._envelopes.unsealed(tenant_id, before, after, limit))


async def _all(find: Find) -> AsyncIterator[Stored[Envelope]]:
    after: str | None = None
    while found := await find(after, PAGE):
        for stored in found:
            yield stored
        after = found[-1].document.id
