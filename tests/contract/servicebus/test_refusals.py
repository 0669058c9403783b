"""Who may not, and what is not there: the error that the SDK raises for each."""

import asyncio
import re

import pytest
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import (
    MessagingEntityNotFoundError,
    ServiceBusAuthenticationError,
    ServiceBusError,
)

from tests.contract.servicebus.entities import Unused
from tests.contract.servicebus.flavours import FLAVOURS, opened_client
from tests.contract.servicebus.links import refused


@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_a_wrong_key_opens_nothing(address: str, unused: Unused, flavour: str) -> None:
    queue = unused("plain")
    wrong = re.sub("SharedAccessKey=[^;]+", "SharedAccessKey=d3Jvbmc=", address)
    async with opened_client(wrong, flavour) as client:
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
