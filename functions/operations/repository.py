"""The questions: the cheapest call to each dependency that only a healthy one can answer."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy
    from azure.storage.blob.aio import BlobServiceClient

ROOT = Path(__file__).resolve().parents[2]


class OpensLinks(Protocol):
    """What sends to a queue, and must reach the broker to make a batch."""

    async def create_message_batch(self) -> object: ...


async def ask_cosmos(container: "ContainerProxy") -> None:
    await container.read()


async def ask_service_bus(sender: OpensLinks) -> None:
    """Opening a link needs the broker and the right to send; nothing is sent."""
    await sender.create_message_batch()


async def ask_blob(service: "BlobServiceClient", container: str) -> None:
    await service.get_container_client(container).get_container_properties()


async def ask_http(url: str) -> None:
    """Anything but a server error counts: the root of an API need not exist."""
    import aiohttp

    async with aiohttp.ClientSession() as session, session.get(url) as response:
        if response.status >= 500:
            response.raise_for_status()


def openapi_document() -> bytes:
    """The committed document, which a test holds equal to the code."""
    return (ROOT / "docs" / "openapi.json").read_bytes()
