"""Looks after messages that nobody works on any more."""

from datetime import timedelta

from functions.notifications.service.ports import Deliveries
from shared.errors import Stale
from shared.platform.clock import Clock
from shared.telemetry.logs import say

PATIENCE = timedelta(minutes=10)


class ReconcilingService:
    """Finds deliveries that nobody works on any more."""

    def __init__(self, deliveries: Deliveries, now: Clock) -> None:
        self._deliveries = deliveries
        self._now = now

    async def reconcile(self) -> int:
        """How many were queued again or given up. One that changes just now is left alone."""
        before, count = self._now() - PATIENCE, 0
        for tenant_id, delivery_id in await self._deliveries.open_since(before):
            stored = await self._deliveries.get(tenant_id, delivery_id)
            if not stored.document.is_open:
                continue
            now = self._now()
            delivery = stored.document.tried_again(now)
            jobs = [delivery.asked(now)] if delivery.is_open else []
            try:
                await self._deliveries.save(stored.now(delivery), "reconcile message", *jobs)
            except Stale:
                continue
            count += 1
        say("notifications.reconciled", count=count)
        return count
