"""What lies in Cosmos DB when a story is over, judged by published rules."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError
from azure.core.exceptions import AzureError
from azure.cosmos.aio import CosmosClient, DatabaseProxy

from local.azure import LocalAzure
from local.configuration import cosmos_connection
from local.demo.closing import chain_holds
from local.process import python_part, start
from local.provision import topology
from shared.records.audit import AuditEntry, check
from shared.records.document import Chain

Item = Mapping[str, Any]
DATABASE = "collab"
CONTAINERS = [
    each["name"]
    for each in topology()["cosmos"]["containers"]
    if each["name"] not in {"leases", "idempotency"}
]


@dataclass
class Books:
    """Documents by kind, audit chains that do not hold, and what no relay has passed on."""

    kinds: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    deliveries: Counter[str] = field(default_factory=Counter)


def books_of(azure: LocalAzure) -> Books:
    """Of a local Azure that has ended: its records alone are started again."""
    with _records(azure) as connection:
        return asyncio.run(_read(connection))


@contextmanager
def _records(azure: LocalAzure) -> Generator[str]:
    command = python_part("local.cosmos", "--port", "0", "--data", str(azure.data / "cosmos"))
    env = {"LOCAL_PART_KEY": azure.keys.cosmos_key}
    process = start("books", command, log=azure.log("books"), env=env)
    try:
        yield f"AccountEndpoint={process.ready['url']};AccountKey={azure.keys.cosmos_key};"
    finally:
        process.stop()


def waiting_in(azure: LocalAzure) -> list[str]:
    """What is in an outbox and not passed on yet, while everything runs."""

    async def look() -> list[str]:
        connection = cosmos_connection(azure.ports, azure.keys)
        async with CosmosClient.from_connection_string(connection) as client:
            return await _waiting(client.get_database_client(DATABASE))

    try:
        return asyncio.run(look())
    except (AzureError, ClientError, OSError) as fault:  # they befall whoever asks
        return [str(fault)]


async def _read(connection: str) -> Books:
    books = Books()
    async with CosmosClient.from_connection_string(connection) as client:
        database = client.get_database_client(DATABASE)
        for name in CONTAINERS:
            container = database.get_container_client(name)
            _enter(books, [item async for item in container.read_all_items()])
        books.left = await _waiting(database)
    return books


def _enter(books: Books, items: list[Item]) -> None:
    trails: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        if item["kind"] == "audit":
            books.actions[item["entry"]["action"]] += 1
            trails[item["key"], item["entry"]["document_id"]].append(item["entry"])
        elif item["kind"] not in {"outbox", "inbox"}:
            books.kinds[item["kind"]] += 1
        if item["kind"] == "Delivery":
            books.deliveries[item["status"]] += 1
    books.broken += [place[1] for place, entries in trails.items() if not _holds(entries)]
    books.broken += [
        item["id"]
        for item in items
        if "chain" in item and item["chain"]["length"] != len(trails[item["key"], item["id"]])
    ]


def _holds(entries: list[Item]) -> bool:
    """Entries about people as the app reads them, all others by the published rule as well."""
    ordered = sorted(entries, key=lambda entry: int(entry["number"]))
    read = [AuditEntry.model_validate(entry) for entry in ordered]
    end = Chain(read[-1].number, read[-1].hash)
    if not check(read[-1].document_id, read, end).intact:
        return False
    return any(entry.salt for entry in read) or chain_holds({"entries": ordered, "intact": True})


async def _waiting(database: DatabaseProxy) -> list[str]:
    """Outbox items behind the place that their relay has reached."""
    kept = database.get_container_client("leases").read_all_items()
    leases = {lease["id"]: lease.get("ContinuationToken") async for lease in kept}
    found = []
    for name in CONTAINERS:
        token = leases.get(f"{name}{DATABASE}_{name}..0")
        start: dict[str, Any] = {"continuation": token} if token else {"start_time": "Beginning"}
        changes = database.get_container_client(name).query_items_change_feed(**start)
        found += [f"{name}/{item['id']}" async for item in changes if item["kind"] == "outbox"]
    return found
