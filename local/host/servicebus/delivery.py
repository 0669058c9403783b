"""One delivery: run the function with the messages, then settle them by the outcome."""

from collections.abc import Sequence

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusReceiver
from azure.servicebus.exceptions import ServiceBusError

from local.host import logs
from local.host.index import IndexedFunction
from local.host.invocations import Invocations
from local.host.servicebus import metadata
from local.host.servicebus.subscribing import Subscribed

Messages = Sequence[ServiceBusReceivedMessage]


class Delivery:
    """Delivers to one function."""

    def __init__(
        self, function: IndexedFunction, subscribed: Subscribed, invocations: Invocations
    ) -> None:
        self._function = function
        self._subscribed = subscribed
        self._invocations = invocations

    async def deliver(self, receiver: ServiceBusReceiver, messages: Messages) -> None:
        """Complete after success, abandon after failure; the broker counts and dead-letters."""
        ok = await self._run(messages)
        if ok and not self._subscribed.auto_complete:
            return
        name = self._function.name
        for message in messages:
            self._invocations.faults.point("before-settle", name)
            try:
                if ok:
                    await receiver.complete_message(message)
                else:
                    await receiver.abandon_message(message)
            except (ServiceBusError, ValueError, OSError) as error:
                # It stays locked until its lock ends and is delivered again.
                logs.warn(
                    "message not settled",
                    function=name,
                    message_id=message.message_id,
                    error=str(error),
                )
            self._invocations.faults.point("after-settle", name)

    async def _run(self, messages: Messages) -> bool:
        try:
            found = [metadata.fields(message) for message in messages]
            bodies = [metadata.body(message) for message in messages]
        except (TypeError, ValueError) as error:
            # What cannot be read goes the way of what fails, and so to the dead letters.
            logs.fail("message not readable", function=self._function.name, error=repr(error))
            return False
        batch = self._subscribed.many
        properties = metadata.application_properties(messages[0])
        outcome = await self._invocations.run(
            self._function,
            metadata.content(bodies, batch=batch, as_bytes=self._subscribed.as_bytes),
            metadata.many(found) if batch else metadata.one(found[0]),
            cause=metadata.cause({} if batch else properties),
            reason="(null)",  # the extension gives none
        )
        return outcome.ok
