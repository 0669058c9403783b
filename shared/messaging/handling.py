"""From a message to a handler: parsed, correlated, once in effect however often it comes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import azure.functions as func
from pydantic import ValidationError

from shared.contracts import Told
from shared.messaging.poison import properties_of, put_aside
from shared.platform.outages import retry_after_s
from shared.records.rereading import until_fresh
from shared.telemetry import scope
from shared.telemetry.logs import fail, say
from shared.telemetry.scope import Actor, Handling

T = TypeVar("T", bound=Told)
LONGEST_PAUSE_S = 30.0

MessageFunction = Callable[[func.ServiceBusMessage], Awaitable[None]]


def handles(kind: type[T]) -> Callable[[Callable[[T], Awaitable[None]]], MessageFunction]:
    """Make a Service Bus function of a handler of one kind of event or job.

    Raising leaves the message for redelivery, and after the delivery limit for the dead-letter
    queue. A message that cannot be parsed will never be: it goes to the queue `poison` at once.
    What the handler saves carries an inbox marker, so that a redelivery saves it no second time.
    """

    def make(handler: Callable[[T], Awaitable[None]]) -> MessageFunction:
        name = f"{handler.__module__}.{handler.__qualname__}"

        async def function(message: func.ServiceBusMessage) -> None:
            with scope.entered(_scope_of(message, name)):
                try:
                    told = kind.model_validate_json(message.get_body())
                except ValidationError as error:
                    await put_aside(message, name, "unreadable", str(error))
                    return
                await _handled(handler, told, message.delivery_count or 1)

        function.__name__ = function.__qualname__ = handler.__name__
        function.__module__, function.__doc__ = handler.__module__, handler.__doc__
        function.handles = kind  # type: ignore[attr-defined]  # read by the architecture tests
        return function

    return make


async def _handled(handler: Callable[[T], Awaitable[None]], told: T, delivery: int) -> None:
    try:
        await until_fresh(lambda: handler(told))
    except Exception as error:
        fail("message.failed", type=told.type, message_id=told.id, delivery=delivery)
        if retry_after_s(error) is not None:
            await asyncio.sleep(pause_s(delivery))
        raise
    say("message.handled", type=told.type, message_id=told.id)


def pause_s(delivery: int) -> float:
    """How long to hold a message back whose handler met an outage, before it comes again.

    Service Bus redelivers at once, and ten times are over in seconds: held back for 0, 1, 2, 4 ...
    and at most 30 s, a message outlives an outage of two minutes. The host renews its lock.
    """
    return min(LONGEST_PAUSE_S, 2.0 ** (delivery - 2)) if delivery > 1 else 0.0


def _scope_of(message: func.ServiceBusMessage, function: str) -> scope.Scope:
    properties = properties_of(message)
    begun = scope.begin(message.correlation_id, str(properties.get("traceparent", "")))
    kind, _, name = str(properties.get("actor", "")).partition(":")
    actor = Actor(kind, name) if name else begun.actor
    return replace(begun, actor=actor, handling=Handling(function, message.message_id))
