"""Who may not, and what is not there: the error that the SDK raises for each."""

import asyncio

from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import (
    MessagingEntityNotFoundError,
    ServiceBusAuthenticationError,
    ServiceBusError,
)

from local import process
from tests.contract.servicebus.entities import Unused
from tests.contract.servicebus.links import refused
from tests.contract.servicebus.moving import connection_string


async def test_a_wrong_key_opens_nothing(broker: process.Process, unused: Unused) -> None:
    queue = unused("plain")
    async with ServiceBusClient.from_connection_string(
        connection_string(broker.ready["url"], key="wrong"), retry_total=0
    ) as client:
        await asyncio.gather(
            refused(client.get_queue_sender(queue), ServiceBusAuthenticationError),
            refused(client.get_queue_receiver(queue), ServiceBusAuthenticationError),
        )


async def test_what_is_not_there(client: ServiceBusClient) -> None:
    await asyncio.gather(
        refused(client.get_queue_sender("nothing"), MessagingEntityNotFoundError),
        refused(client.get_topic_sender("nothing"), MessagingEntityNotFoundError),
        refused(client.get_queue_receiver("nothing"), MessagingEntityNotFoundError),
    )


async def test_a_dead_letter_queue_is_not_sent_to(client: ServiceBusClient, unused: Unused) -> None:
    await refused(client.get_queue_sender(f"{unused('plain')}/$DeadLetterQueue"), ServiceBusError)
