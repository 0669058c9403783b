"""Messages put on the broker by somebody else than the app."""

import asyncio
from collections.abc import Iterable
from uuid import uuid4

from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from local.configuration import service_bus_connection
from tests.journeys.house import House


def message(body: bytes, subject: str = "", *, session: bool = False) -> ServiceBusMessage:
    """With a session id of its own where one is needed."""
    return ServiceBusMessage(
        body,
        message_id=str(uuid4()),
        subject=subject,
        session_id=str(uuid4()) if session else None,
    )


def send(house: House, messages: Iterable[tuple[str, ServiceBusMessage]]) -> None:
    """Each to its queue or topic."""
    connection = service_bus_connection(house.azure.ports, house.azure.keys)

    async def put() -> None:
        async with ServiceBusClient.from_connection_string(connection) as client:

            async def one(entity: str, content: ServiceBusMessage) -> None:
                async with client.get_queue_sender(entity) as sender:
                    await sender.send_messages(content)

            await asyncio.gather(*(one(*each) for each in messages))

    asyncio.run(put())
