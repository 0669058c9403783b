"""What only one flavour of the SDK has, or has in a way of its own; all else runs for both."""

import asyncio
import threading
import time

from azure.servicebus import AutoLockRenewer, ServiceBusClient, ServiceBusMessage
from azure.servicebus.aio import AutoLockRenewer as AsyncAutoLockRenewer
from azure.servicebus.aio import ServiceBusClient as AsyncServiceBusClient

from tests.contract.servicebus.entities import Unused
from tests.contract.servicebus.links import opened, receive_one, send, until


def connected(address: str) -> ServiceBusClient:
    # Without its keep-alive thread the SDK closes a link at once, not after a second.
    return ServiceBusClient.from_connection_string(address, retry_total=0, keep_alive=0)


def test_messages_by_iteration(address: str, unused: Unused) -> None:
    queue = unused("plain")
    with connected(address) as client, client.get_queue_sender(queue) as sender:
        sender.send_messages([ServiceBusMessage(body) for body in ("1", "2")])
        seen = []
        with client.get_queue_receiver(queue, max_wait_time=0.5) as receiver:
            for message in receiver:
                seen.append(str(message))
                receiver.complete_message(message)
        assert seen == ["1", "2"]


async def test_messages_by_iteration_with_aio(address: str, unused: Unused) -> None:
    queue = unused("plain")
    async with AsyncServiceBusClient.from_connection_string(address, retry_total=0) as client:
        await send(client, queue, ServiceBusMessage("1"), ServiceBusMessage("2"))
        seen = []
        async with opened(client.get_queue_receiver(queue, max_wait_time=0.5)) as receiver:
            async for message in receiver:
                seen.append(str(message))
                await receiver.complete_message(message)
        assert seen == ["1", "2"]


async def test_the_sdk_renews_locks(address: str, unused: Unused) -> None:
    """A lock of five seconds is renewed after half of them, by both at once."""
    queues = unused("short"), unused("short")
    await asyncio.gather(
        asyncio.to_thread(renewed, address, queues[0]), renewed_with_aio(address, queues[1])
    )


def renewed(address: str, queue: str) -> None:
    with connected(address) as client:
        with client.get_queue_sender(queue) as sender:
            sender.send_messages(ServiceBusMessage("x"))
        with AutoLockRenewer() as renewer, client.get_queue_receiver(queue) as receiver:
            (message,) = receiver.receive_messages(max_wait_time=5)
            first = message.locked_until_utc
            renewer.register(receiver, message, max_lock_renewal_duration=30)
            deadline = time.monotonic() + 5
            while message.locked_until_utc == first and time.monotonic() < deadline:
                threading.Event().wait(0.05)  # its thread needs the time
            assert message.locked_until_utc != first
            receiver.complete_message(message)
            assert receiver.peek_messages(1, sequence_number=1) == []


async def renewed_with_aio(address: str, queue: str) -> None:
    async with AsyncServiceBusClient.from_connection_string(address, retry_total=0) as client:
        await send(client, queue, ServiceBusMessage("x"))
        async with (
            AsyncAutoLockRenewer() as renewer,
            opened(client.get_queue_receiver(queue)) as receiver,
        ):
            message = await receive_one(receiver)
            first = message.locked_until_utc
            renewer.register(receiver, message, max_lock_renewal_duration=30)
            await until(lambda: message.locked_until_utc != first)
            await receiver.complete_message(message)
            assert await receiver.peek_messages(1, sequence_number=1) == []
