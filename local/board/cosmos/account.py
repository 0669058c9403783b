"""The account, read through the unchanged SDK; what goes wrong becomes the service's sentence."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from local.board.answers import PartDown, Refused
from local.board.cosmos.wording import sentence_of
from local.board.surroundings import Surroundings

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy, CosmosClient

PART = "cosmos"
PATIENCE_S = 2.0
NONSENSE = "Cosmos DB answers what its SDK does not understand."
RETRIES: dict[str, Any] = {"retry_total": 0, "retry_connect": 0, "connection_timeout": 2}


class Account:
    """Connects when it is first asked: the board starts whether Cosmos DB runs or not."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._around = surroundings

    @property
    def database(self) -> str:
        """The app's."""
        return self._around.settings.get("COSMOS_DATABASE", "")

    @cached_property
    def client(self) -> "CosmosClient":
        """Raises PartDown."""
        from azure.cosmos.aio import CosmosClient

        connection = self._around.settings.get("COSMOS", "")
        try:
            return CosmosClient.from_connection_string(connection, **RETRIES)
        except (ValueError, KeyError) as error:
            raise PartDown(PART, "The setting COSMOS is no connection string.") from error

    def container(self, name: str, database: str = "") -> "ContainerProxy":
        within = self.client.get_database_client(database or self.database)
        return within.get_container_client(name)

    async def close(self) -> None:
        if "client" in self.__dict__:
            await self.client.close()


@asynccontextmanager
async def told(patience_s: float = PATIENCE_S) -> AsyncIterator[None]:
    """What the SDK raises within, as a refusal with the service's own words. Raises Refused."""
    from azure.core.exceptions import AzureError
    from azure.cosmos.exceptions import CosmosHttpResponseError

    try:
        async with asyncio.timeout(patience_s):
            yield
    except CosmosHttpResponseError as error:
        status = error.status_code or 503
        if status >= 500 or status == 408:
            raise PartDown(PART, f"Cosmos DB answers {status}.") from error
        said = str(error.http_error_message or error.message or error)
        raise Refused(status, sentence_of(said)) from error
    except TimeoutError as error:
        sentence = f"Cosmos DB did not answer within {patience_s:.0f} s."
        raise PartDown(PART, sentence) from error
    except (AzureError, OSError) as error:
        raise PartDown(PART, "Cosmos DB gives no answer.") from error
    except (AttributeError, KeyError, TypeError, JSONDecodeError) as error:
        raise PartDown(PART, NONSENSE) from error
    except ValueError as error:  # the SDK itself thinks it wrong
        raise Refused(400, str(error)) from error
