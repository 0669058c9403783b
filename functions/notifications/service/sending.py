"""Hands messages to their providers, each once: claim, send under its own id, confirm."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from functions.notifications.domain.channels import Channel
from functions.notifications.domain.deliveries import Delivery, DeliveryStatus
from functions.notifications.domain.failures import RefusedForGood
from functions.notifications.service.ports import Deliveries, Messenger
from shared.contracts.notifications import SendMessage
from shared.errors import Stale
from shared.platform.clock import Clock
from shared.records.document import Stored
from shared.telemetry import scope
from shared.telemetry.logs import say, warn

ATTEMPTS_AT_STALE = 5
Ended = Callable[[Delivery, datetime], Delivery]


class SendingService:
    """The queue's work."""

    def __init__(
        self, deliveries: Deliveries, messengers: Mapping[Channel, Messenger], now: Clock
    ) -> None:
        self._deliveries = deliveries
        self._messengers = messengers
        self._now = now

    async def send(self, job: SendMessage) -> None:
        """Safe to repeat, by the state of the delivery and by the provider's idempotency.

        Raises what the provider raised where another attempt may help; the delivery stays `sending`
        and the next attempt uses the same ids. The job's inbox marker is of no use here: it would
        take the second save of an attempt, and every later attempt, for done.
        """
        with scope.entered(replace(scope.current(), handling=None)):
            stored = await self._deliveries.get(job.tenant_id, job.delivery_id)
            if not stored.document.is_open:
                say("notifications.already_ended", delivery_id=job.delivery_id)
                return
            if stored.document.too_late(self._now()):
                await self._end(stored, lambda given, at: given.ended_too_late(at))
                return
            claimed = stored.document.claimed(self._now())
            stored = await self._deliveries.save(stored.now(claimed), "send message")
            await self._hand_over(stored)

    async def _hand_over(self, stored: Stored[Delivery]) -> None:
        delivery = stored.document
        try:
            provider_id = await self._messengers[delivery.channel].send(delivery)
        except RefusedForGood as error:
            reason = str(error)
            await self._end(stored, lambda given, at: given.failed(reason, at))
            warn("notifications.refused", delivery_id=delivery.id, channel=delivery.channel)
            return
        await self._end(stored, lambda given, at: given.sent(provider_id, at))

    async def _end(self, stored: Stored[Delivery], ended: Ended) -> None:
        """What the provider said stands, whoever else has claimed the delivery meanwhile.

        Only the first to say so is kept: all attempts share one id, and with it one fate.
        """
        for _ in range(ATTEMPTS_AT_STALE):
            now = self._now()
            delivery = ended(stored.document, now)
            told = [delivery.told(now)] if delivery.status is DeliveryStatus.SENT else []
            try:
                await self._deliveries.save(stored.now(delivery), "end message", *told)
            except Stale:
                stored = await self._deliveries.get(delivery.tenant_id, delivery.id)
                if not stored.document.is_open:
                    return
            else:
                return
        raise Stale(f"{stored.document.id} is being changed all the time.")
