"""Makes in the local Azure what infra/bicep makes in the real one, after topology.json.

`python -m local.provision --settings local.settings.json` does it wherever a file's connection
strings lead, as to Microsoft's own emulators.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from local.host.failures import IndexFailed
from local.host.settings import read_values
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

    client = CosmosClient.from_connection_string(connection)
    try:
        await client.__aenter__()  # its `async with` leaves it open when the account is away
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
    finally:
        await client.close()


async def _blob(connection: str, declared: dict[str, Any]) -> None:
    from azure.core.exceptions import ResourceExistsError
    from azure.storage.blob.aio import BlobServiceClient

    async with BlobServiceClient.from_connection_string(connection) as client:
        for container in declared["containers"]:
            try:
                await client.create_container(container["name"])
            except ResourceExistsError:
                await asyncio.sleep(0)


def main(arguments: list[str] | None = None) -> int:
    from azure.core.exceptions import AzureError

    parser = argparse.ArgumentParser(prog="python -m local.provision", description=__doc__)
    parser.add_argument("--settings", type=Path, default=ROOT / "local.settings.json")
    file = parser.parse_args(arguments).settings
    try:
        values = read_values(file)
        services = [name for name in ("COSMOS", "BLOB") if values.get(name)]
        asyncio.run(provision(values.get("COSMOS"), values.get("BLOB")))
    except (IndexFailed, AzureError, ValueError) as error:
        print(f"Not provisioned: {str(error).strip() or type(error).__name__}", file=sys.stderr)
        return 1
    print(f"Provisioned by {file}: {', '.join(services) or 'nothing, it has no connection'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
