"""Listens to a queue or subscription with sessions: several at once, each in order, one by one."""

import asyncio

from azure.servicebus import NEXT_AVAILABLE_SESSION, ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusReceiver
from azure.servicebus.exceptions import OperationTimeoutError, ServiceBusError

from local.host import logs
from local.host.index import IndexedFunction
from local.host.servicebus import batches, locks
from local.host.servicebus.crew import Crew
from local.host.servicebus.delivery import Delivery
from local.host.servicebus.options import ServiceBusOptions
from local.host.servicebus.subscribing import Clients, Subscribed
from local.host.stopping import Stop

ACCEPT_S = 60.0
SILENT_S = 2.0
# How long a session may be silent before another gets its place, unless host.json says how long;
# Azure waits a minute.
IDLE_S = 1.0
POLL_S = 1.0
FOR_EVER_S = float("inf")


class SessionListener:
    """Serves up to `max_concurrent_sessions` sessions."""

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
        self._batch = options.max_message_batch_size if subscribed.many else 1
        self._options = options
        self._idle_s = options.session_idle_s or IDLE_S
        self._crew = Crew(
            function.name, options.max_concurrent_sessions, self._work, options.backoff()
        )

    @property
    def state(self) -> str:
        """Whether the broker can be reached."""
        return self._crew.state

    async def run(self, stop: Stop) -> None:
        """Listen until `stop`; sessions that are being served are finished and released."""
        await self._crew.run(stop)

    async def _work(self, stop: Stop) -> None:
        """Wait for a session that has messages, serve it, give it back."""
        # A broker that withholds its answer is there: it has no session for us.
        patient = asyncio.get_running_loop().call_later(SILENT_S, self._crew.reached)
        try:
            receiver = await stop.unless_asked(self._accept())
        finally:
            patient.cancel()
        if receiver is None:
            return
        self._crew.reached()
        with self._crew.busy():
            await self._serve(receiver, stop)

    async def _accept(self) -> ServiceBusReceiver | None:
        """The next session that has messages; None when there was none for a while."""
        receiver = self._clients.receiver(
            self._subscribed,
            session_id=NEXT_AVAILABLE_SESSION,
            max_wait_time=ACCEPT_S,
            prefetch_count=self._options.prefetch_count,
        )
        try:
            await receiver.__aenter__()
        except OperationTimeoutError:
            await receiver.close()
            return None
        except BaseException:
            await receiver.close()
            raise
        return receiver

    async def _serve(self, receiver: ServiceBusReceiver, stop: Stop) -> None:
        session = receiver.session
        try:
            async with (
                receiver,
                locks.kept(
                    lambda: session.locked_until_utc, session.renew_lock, at_most_s=FOR_EVER_S
                ),
            ):
                while not stop.asked and await self._deliver_next(receiver, stop):
                    pass
        except (ServiceBusError, OSError, ValueError) as error:
            # What was not settled comes again, in order, to whoever gets the session next.
            logs.warn(
                "session lost",
                function=self.function.name,
                session_id=session.session_id,
                error=str(error),
            )

    async def _deliver_next(self, receiver: ServiceBusReceiver, stop: Stop) -> bool:
        messages = await self._next(receiver, stop)
        if not messages:
            return False
        if self._subscribed.many:
            messages += await batches.more(
                receiver, len(messages), self._options, stop, poll_s=POLL_S
            )
        await self._delivery.deliver(receiver, messages)
        return True

    async def _next(
        self, receiver: ServiceBusReceiver, stop: Stop
    ) -> list[ServiceBusReceivedMessage]:
        """In short waits, so that a long idle time does not hold up the end."""
        clock = asyncio.get_running_loop().time
        ends = clock() + self._idle_s
        messages: list[ServiceBusReceivedMessage] = []
        while not messages and not stop.asked and (left_s := ends - clock()) > 0:
            messages = await receiver.receive_messages(
                self._batch, max_wait_time=max(min(POLL_S, left_s), 0.01)
            )
        return messages
