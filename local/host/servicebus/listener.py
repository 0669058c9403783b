"""Listens to a queue or subscription without sessions; comes back when the broker does."""

from azure.servicebus.aio import ServiceBusReceiver

from local.host.index import IndexedFunction
from local.host.servicebus import batches, locks
from local.host.servicebus.crew import Crew
from local.host.servicebus.delivery import Delivery
from local.host.servicebus.options import ServiceBusOptions
from local.host.servicebus.subscribing import Clients, Subscribed
from local.host.stopping import Stop

# A receive call is never cancelled, lest a message that just came stays locked: it is kept short.
POLL_S = 1.0
# How many quiet polls a worker waits beside another one before it goes.
QUIET_POLLS = 5


class QueueListener:
    """Up to `max_concurrent_calls` messages at once, or one batch at a time."""

    def __init__(
        self,
        function: IndexedFunction,
        subscribed: Subscribed,
        clients: Clients,
        delivery: Delivery,
        options: ServiceBusOptions,
    ) -> None:
        self.function = function
        self._subscribed = subscribed
        self._clients = clients
        self._delivery = delivery
        self._options = options
        self._batch = options.max_message_batch_size if subscribed.many else 1
        at_once = 1 if subscribed.many else options.max_concurrent_calls
        self._crew = Crew(function.name, at_once, self._work, options.backoff())
        # The extension renews no locks of a batch: a function must be done with it before they end.
        self._renewed_for_s = 0.0 if subscribed.many else options.max_auto_lock_renewal_s

    @property
    def state(self) -> str:
        """Whether the broker can be reached."""
        return self._crew.state

    async def run(self, stop: Stop) -> None:
        """Listen until `stop`, through every absence of the broker."""
        await self._crew.run(stop)

    async def _work(self, stop: Stop) -> None:
        """Receive, deliver and settle, one after the other, until another worker is enough."""
        receiver = self._clients.receiver(
            self._subscribed, prefetch_count=self._options.prefetch_count
        )
        async with receiver:
            self._crew.reached()
            quiet = 0
            while not stop.asked and not (quiet >= QUIET_POLLS and self._crew.waiting > 1):
                quiet = 0 if await self._deliver_next(receiver, stop) else quiet + 1

    async def _deliver_next(self, receiver: ServiceBusReceiver, stop: Stop) -> bool:
        messages = await receiver.receive_messages(self._batch, max_wait_time=POLL_S)
        if not messages:
            return False
        with self._crew.busy():
            if self._subscribed.many:
                messages += await batches.more(
                    receiver, len(messages), self._options, stop, poll_s=POLL_S
                )
            async with locks.kept_for_all(receiver, messages, at_most_s=self._renewed_for_s):
                await self._delivery.deliver(receiver, messages)
        return True
