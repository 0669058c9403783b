"""Filling a batch: waiting for as many messages as a function wants at least, but not for ever."""

import asyncio

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusReceiver

from local.host.servicebus.options import ServiceBusOptions
from local.host.stopping import Stop


async def more(
    receiver: ServiceBusReceiver,
    held: int,
    options: ServiceBusOptions,
    stop: Stop,
    *,
    poll_s: float,
) -> list[ServiceBusReceivedMessage]:
    """What comes after the first `held` messages, until there are enough or the wait is over."""
    clock = asyncio.get_running_loop().time
    ends = clock() + options.max_batch_wait_s
    found: list[ServiceBusReceivedMessage] = []
    while (
        held + len(found) < options.min_message_batch_size
        and not stop.asked
        and (left_s := ends - clock()) > 0
    ):
        found += await receiver.receive_messages(
            options.max_message_batch_size - held - len(found),
            max_wait_time=max(min(poll_s, left_s), 0.01),
        )
    return found
