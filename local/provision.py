"""Makes in the local Azure what infra/bicep makes in the real one, after topology.json."""

import asyncio
import json
from pathlib import Path
from typing import Any

from local.process import ROOT

TOPOLOGY = ROOT / "infra" / "bicep" / "topology.json"


def topology(path: Path = TOPOLOGY) -> dict[str, Any]:
    """The one list of containers, queues, topics and subscriptions."""
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


async def provision(cosmos: str | None, blob: str | None) -> None:
    """Create what is missing, by connection string. Safe to repeat."""
    declared = topology()
    if cosmos:
        await _cosmos(cosmos, declared["cosmos"])
    if blob:
        await _blob(blob, declared["blob"])


async def _cosmos(connection: str, declared: dict[str, Any]) -> None:
    from azure.cosmos import PartitionKey
    from azure.cosmos.aio import CosmosClient

    async with CosmosClient.from_connection_string(connection) as client:
        database = await client.create_database_if_not_exists(declared["database"])
        for container in declared["containers"]:
            paths = container["partitionKeyPaths"]
            key = (
                PartitionKey(path=paths, kind="MultiHash", version=2)
                if len(paths) > 1
                else PartitionKey(path=paths[0])
            )
            await database.create_container_if_not_exists(
                container["name"], key, default_ttl=container.get("defaultTtl")
            )


async def _blob(connection: str, declared: dict[str, Any]) -> None:
    from azure.core.exceptions import ResourceExistsError
    from azure.storage.blob.aio import BlobServiceClient

    async with BlobServiceClient.from_connection_string(connection) as client:
        for container in declared["containers"]:
            try:
                await client.create_container(container["name"])
            except ResourceExistsError:
                await asyncio.sleep(0)
