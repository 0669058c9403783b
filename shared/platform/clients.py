"""The Azure clients, each made once, when first needed. Only wiring and messaging reach in here."""

import asyncio
from functools import cache
from typing import TYPE_CHECKING, Any

from shared.platform.settings import settings

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy, CosmosClient
    from azure.identity.aio import DefaultAzureCredential
    from azure.keyvault.secrets.aio import SecretClient
    from azure.servicebus import ServiceBusMessage, ServiceBusMessageBatch
    from azure.servicebus.aio import ServiceBusClient, ServiceBusSender
    from azure.storage.blob.aio import BlobServiceClient

RETRIES: dict[str, Any] = {"retry_total": 3, "retry_backoff_max": 2}  # a request must answer soon
MIB = 1024 * 1024
# Little memory for each transfer: the SDK's own first chunk is 32 MiB, and aiohttp holds up the
# event loop for bodies of more than 1 MiB.
BLOB: dict[str, Any] = {
    # The SDK's own waits between attempts are 15, 18 and 24 s.
    "retry_total": 3,
    "initial_backoff": 0,
    "increment_base": 1,
    "random_jitter_range": 0,
    "max_single_get_size": 4 * MIB,
    "max_chunk_get_size": 4 * MIB,
    "max_single_put_size": MIB,
    "max_block_size": MIB,
}


class NotConfigured(Exception):
    """A setting that this needs is missing. Names it."""


@cache
def credential() -> "DefaultAzureCredential":
    """The app's managed identity in Azure."""
    from azure.identity.aio import DefaultAzureCredential

    return DefaultAzureCredential(managed_identity_client_id=settings().identity_client_id)


@cache
def _cosmos() -> "CosmosClient":
    from azure.cosmos.aio import CosmosClient

    chosen = settings()
    if chosen.cosmos:
        return CosmosClient.from_connection_string(chosen.cosmos, **RETRIES)
    return CosmosClient(
        _needed(chosen.cosmos_endpoint, "COSMOS__accountEndpoint"), credential(), **RETRIES
    )


@cache
def container(name: str) -> "ContainerProxy":
    """A Cosmos container of the app's database."""
    return _cosmos().get_database_client(settings().cosmos_database).get_container_client(name)


@cache
def _service_bus() -> "ServiceBusClient":
    from azure.servicebus.aio import ServiceBusClient

    chosen = settings()
    if chosen.service_bus:
        return ServiceBusClient.from_connection_string(chosen.service_bus, **RETRIES)
    namespace = _needed(chosen.service_bus_namespace, "SERVICE_BUS__fullyQualifiedNamespace")
    return ServiceBusClient(namespace, credential(), **RETRIES)


class Sender:
    """Sends to one queue or topic, for one coroutine at a time.

    The SDK's own sender is not coroutine-safe: when its connection breaks, several coroutines that
    send at once tear down each other's new one.
    """

    def __init__(self, sender: "ServiceBusSender") -> None:
        self._sender = sender
        self._turn = asyncio.Lock()

    async def create_message_batch(self) -> "ServiceBusMessageBatch":
        async with self._turn:
            return await self._sender.create_message_batch()

    async def send_messages(self, messages: "ServiceBusMessage | ServiceBusMessageBatch") -> None:
        async with self._turn:
            await self._sender.send_messages(messages)

    async def close(self) -> None:
        async with self._turn:
            await self._sender.close()


_senders: dict[str, Sender] = {}


async def sender(entity: str) -> Sender:
    """The sender to a queue or topic."""
    if entity not in _senders:
        # On the wire a topic is addressed as a queue is.
        _senders[entity] = Sender(_service_bus().get_queue_sender(entity))
    return _senders[entity]


@cache
def blobs() -> "BlobServiceClient":
    """The storage account of the app's content."""
    from azure.storage.blob.aio import BlobServiceClient

    chosen = settings()
    if chosen.blob:
        return BlobServiceClient.from_connection_string(chosen.blob, **BLOB)
    address = _needed(chosen.blob_service_uri, "BLOB__blobServiceUri")
    return BlobServiceClient(address, credential(), **BLOB)


@cache
def secrets() -> "SecretClient":
    """The app's key vault."""
    from azure.keyvault.secrets.aio import SecretClient

    address = _needed(settings().key_vault_uri, "KEY_VAULT__vaultUri")
    return SecretClient(address, credential())


CLOSABLE = (_service_bus, _cosmos, blobs, secrets, credential)


async def close_all() -> None:
    """Let go of every connection; the next use makes new ones."""
    closing: list[Any] = list(_senders.values())
    _senders.clear()
    closing += [
        made() for made in (_service_bus, _cosmos, blobs, secrets, credential) if _is_made(made)
    ]
    for each in closing:
        await each.close()
    for made in (container, *CLOSABLE):
        made.cache_clear()


def _is_made(made: Any) -> bool:
    return bool(made.cache_info().currsize)


def _needed(value: str | None, setting: str) -> str:
    if not value:
        raise NotConfigured(f"The setting {setting} is missing.")
    return value
