"""How far a function has come in a change feed: one document in the lease container."""

from typing import Any

from azure.core import MatchConditions
from azure.cosmos import PartitionKey
from azure.cosmos.aio import ContainerProxy, CosmosClient
from azure.cosmos.exceptions import CosmosResourceNotFoundError

from local.host.cosmos.monitored import Monitored


class Lease:
    """The lease of one function. Only the writer who read it last may advance it."""

    def __init__(self, container: ContainerProxy, document: dict[str, Any]) -> None:
        self._container = container
        self._document = document

    @property
    def continuation(self) -> str | None:
        """Where to read on; None before anything was read."""
        found = self._document.get("ContinuationToken")
        return str(found) if found else None

    async def advance(self, continuation: str) -> None:
        """Remember `continuation`. Raises CosmosAccessConditionFailedError if somebody else did."""
        fresh = {**self._document, "ContinuationToken": continuation}
        etag = self._document.get("_etag")
        if etag is None:
            self._document = dict(await self._container.create_item(fresh))
            return
        self._document = dict(
            await self._container.replace_item(
                fresh["id"], fresh, etag=etag, match_condition=MatchConditions.IfNotModified
            )
        )


async def load(client: CosmosClient, monitored: Monitored, owner: str) -> Lease:
    """The lease as it stands; a new one is not written before it is advanced."""
    database = client.get_database_client(monitored.leases.database)
    if monitored.create_leases:
        container = await database.create_container_if_not_exists(
            monitored.leases.container, PartitionKey("/id")
        )
    else:
        container = database.get_container_client(monitored.leases.container)
    lease_id = monitored.lease_id
    try:
        found = dict(await container.read_item(lease_id, lease_id))
    except CosmosResourceNotFoundError:
        if not await _exists(container):
            raise
        found = {"id": lease_id, "Owner": owner, "LeaseToken": "0"}
    return Lease(container, found)


async def _exists(container: ContainerProxy) -> bool:
    """A missing lease is the beginning; a missing container is a mistake."""
    try:
        await container.read()
    except CosmosResourceNotFoundError:
        return False
    return True
