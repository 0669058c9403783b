"""The real Cosmos emulator as a process, and the unchanged SDK to fill it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure.cosmos import CosmosClient, PartitionKey

from local import process
from local.process import Process

KEY = "bG9jYWwta2V5LWZvci10ZXN0cw=="
DATABASE = "collab"


@dataclass
class Account:
    """An emulator on a port of its own, which it keeps when it is started again."""

    folder: Path
    process: Process

    @property
    def url(self) -> str:
        return self.process.ready["url"]

    @property
    def connection(self) -> str:
        return f"AccountEndpoint={self.url};AccountKey={KEY};"

    def start_again(self) -> None:
        self.process = _start(self.folder, self.url.rstrip("/").rsplit(":", 1)[1])

    def prepare(self) -> None:
        with CosmosClient(self.url, KEY) as client:
            database = client.create_database_if_not_exists(DATABASE)
            database.create_container_if_not_exists("trips", PartitionKey("/tenant"))
            database.create_container_if_not_exists("leases", PartitionKey("/id"))

    def save(self, *ids: str, **more: Any) -> None:
        with CosmosClient(self.url, KEY) as client:
            container = client.get_database_client(DATABASE).get_container_client("trips")
            for each in ids:
                container.upsert_item({"id": each, "tenant": "acme", **more})

    def leases(self) -> list[dict[str, Any]]:
        with CosmosClient(self.url, KEY) as client:
            container = client.get_database_client(DATABASE).get_container_client("leases")
            return [dict(each) for each in container.read_all_items()]


def start(folder: Path) -> Account:
    """An empty account with one container and its leases."""
    account = Account(folder, _start(folder, "0"))
    account.prepare()
    return account


def _start(folder: Path, port: str) -> Process:
    (folder / "cosmos").mkdir(exist_ok=True)
    command = process.python_part("local.cosmos", "--port", port, "--data", str(folder / "cosmos"))
    return process.start("cosmos", command, log=folder / "cosmos.log", env={"LOCAL_PART_KEY": KEY})
