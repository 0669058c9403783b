"""All Service Bus triggers of an app: their listeners, and a push by hand."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from local.host import index
from local.host.index import IndexedFunction
from local.host.invocations import Invocations
from local.host.listeners import Listener
from local.host.servicebus import metadata
from local.host.servicebus.delivery import Delivery
from local.host.servicebus.listener import QueueListener
from local.host.servicebus.options import ServiceBusOptions
from local.host.servicebus.sessions import SessionListener
from local.host.servicebus.subscribing import Clients, Subscribed, subscribed


class ServiceBusSource:
    """Makes one listener per function; they share one client per connection setting."""

    kind = index.SERVICE_BUS

    def __init__(
        self, invocations: Invocations, options: ServiceBusOptions, settings: Mapping[str, str]
    ) -> None:
        self._invocations = invocations
        self._options = options
        self._settings = settings
        self._clients = Clients(settings)

    def listeners(self, functions: tuple[IndexedFunction, ...]) -> tuple[Listener, ...]:
        """Raises IndexFailed when an entity or a connection is missing."""
        return tuple(self._listener(function) for function in functions)

    async def push(self, function: IndexedFunction, given: str) -> object:
        """Run with a message that never was on the broker."""
        what = subscribed(function, self._options, self._settings)
        found: dict[str, object] = {
            "MessageId": str(uuid.uuid4()),
            "DeliveryCount": 1,
            "SequenceNumber": 0,
            "LockToken": str(uuid.uuid4()),
            "EnqueuedTimeUtc": metadata.instant(datetime.now(UTC)),
            "ApplicationProperties": {},
            "UserProperties": {},
        }
        return await self._invocations.run(
            function,
            metadata.content([given.encode()], batch=what.many, as_bytes=what.as_bytes),
            metadata.many([found]) if what.many else metadata.one(found),
        )

    async def close(self) -> None:
        """Close the clients."""
        await self._clients.close()

    def _listener(self, function: IndexedFunction) -> Listener:
        what: Subscribed = subscribed(function, self._options, self._settings)
        delivery = Delivery(function, what, self._invocations)
        made = SessionListener if what.sessions else QueueListener
        return made(function, what, self._clients, delivery, self._options)
