"""The storage account, read through the unchanged SDK."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from local.board.answers import PartDown, Refused
from local.board.surroundings import Surroundings

if TYPE_CHECKING:
    from azure.storage.blob.aio import BlobServiceClient, ContainerClient

PART = "azurite"
NAME = re.compile(r"\$?[a-z0-9](-?[a-z0-9])*", re.ASCII)
PATIENCE_S = 2.0
NONSENSE = "Blob Storage answers what its SDK does not understand."
OPTIONS: dict[str, Any] = {
    "retry_total": 0,
    "connection_timeout": 2,
    "read_timeout": 10,
    "max_single_get_size": 1024 * 1024,
    "max_chunk_get_size": 1024 * 1024,
}
MISSING = {404: "There is no such container or blob.", 416: "The blob does not reach so far."}


class Storage:
    """Connects when it is first asked."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._around = surroundings

    @cached_property
    def client(self) -> "BlobServiceClient":
        """Raises PartDown."""
        from azure.storage.blob.aio import BlobServiceClient

        settings = self._around.settings
        connection = settings.get("BLOB") or settings.get("AzureWebJobsStorage") or ""
        try:
            return BlobServiceClient.from_connection_string(connection, **OPTIONS)
        except ValueError as error:
            raise PartDown(PART, "The setting BLOB is no connection string.") from error

    def container(self, name: str) -> "ContainerClient":
        """Its name becomes a part of an address, which it must not lead elsewhere."""
        if not NAME.fullmatch(name):
            raise Refused(404, "No container has such a name.")
        return self.client.get_container_client(name)

    async def close(self) -> None:
        if "client" in self.__dict__:
            await self.client.close()


@asynccontextmanager
async def told(patience_s: float | None = PATIENCE_S) -> AsyncIterator[None]:
    """What the SDK raises within, as a refusal. Raises Refused."""
    from azure.core.exceptions import AzureError, HttpResponseError

    try:
        async with asyncio.timeout(patience_s):
            yield
    except HttpResponseError as error:
        status = error.status_code or 503
        if status >= 500:
            raise PartDown(PART, f"Blob Storage answers {status}.") from error
        sentence = MISSING.get(status) or str(error.reason or f"It answers {status}.")
        raise Refused(status, sentence) from error
    except (AzureError, TimeoutError, OSError) as error:
        raise PartDown(PART, "Blob Storage gives no answer.") from error
    except (AttributeError, KeyError, TypeError) as error:
        raise PartDown(PART, NONSENSE) from error
    except ValueError as error:  # the SDK itself thinks it wrong
        raise Refused(400, str(error)) from error
