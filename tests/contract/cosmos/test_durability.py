"""`kill -9` under load, again and again: nothing acknowledged is lost, no batch is torn."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import AzureError
from azure.cosmos import PartitionKey
from azure.cosmos.aio import ContainerProxy, CosmosClient

from local.cosmos.authorization import EMULATOR_KEY
from local.process import Process, python_part, start
from tests.contract.cosmos.asking import rows

pytestmark = pytest.mark.usefixtures("own_service")
ROUNDS, WRITERS, TOGETHER = 4, 4, 5
ONCE: dict[str, Any] = {"retry_total": 0, "retry_connect": 0, "retry_read": 0, "timeout": 10}


@dataclass
class Ledger:
    """What writers were told: `sure` for items with their numbers, `batches` for whole ones."""

    sure: dict[str, int] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=dict)
    batches: set[str] = field(default_factory=set)
    left: int = 0
    end: Callable[[], None] = lambda: None

    def acknowledged(self) -> None:
        """The last write of a round ends the service while others are under way."""
        self.left -= 1
        if self.left == 0:
            self.end()


async def write_singly(items: ContainerProxy, ledger: Ledger, writer: str) -> None:
    """Counts one item up until the service is gone."""
    for number in range(ledger.tried.get(writer, 0) + 1, 1_000_000):
        ledger.tried[writer] = number
        await items.upsert_item({"id": writer, "pk": "single", "n": number})
        ledger.sure[writer] = number
        ledger.acknowledged()


async def write_batches(items: ContainerProxy, ledger: Ledger, writer: str) -> None:
    for number in range(1_000_000):
        name = f"{writer}-{number}"
        parts = [
            ("create", ({"id": f"{name}-{part}", "pk": "batch", "of": name},))
            for part in range(TOGETHER)
        ]
        await items.execute_item_batch(parts, "batch")
        ledger.batches.add(name)
        ledger.acknowledged()


@asynccontextmanager
async def opened(process: Process) -> AsyncIterator[ContainerProxy]:
    async with CosmosClient(process.ready["url"], EMULATOR_KEY, **ONCE) as client:
        database = await client.create_database_if_not_exists("kept")
        yield await database.create_container_if_not_exists("items", PartitionKey("/pk"))


async def killed_under_load(process: Process, ledger: Ledger, round_: int, after: int) -> None:
    """The kill comes from within the load, once so many more writes have been acknowledged."""
    ledger.left, ledger.end = after, process.kill
    async with opened(process) as items:
        writing = [
            *(write_singly(items, ledger, f"s{n}") for n in range(WRITERS)),
            *(write_batches(items, ledger, f"b{round_}-{n}") for n in range(WRITERS)),
        ]
        endings = await asyncio.gather(*writing, return_exceptions=True)
    assert all(isinstance(ending, AzureError) for ending in endings), endings


async def check(items: ContainerProxy, ledger: Ledger) -> None:
    query = "SELECT c.id, c.n FROM c"
    singles = {row["id"]: row["n"] for row in await rows(items, query, partition_key="single")}
    for writer, number in ledger.sure.items():
        assert number <= singles[writer] <= ledger.tried[writer]
    counted: dict[str, int] = {}
    for name in await rows(items, "SELECT VALUE c.of FROM c", partition_key="batch"):
        counted[name] = counted.get(name, 0) + 1
    assert set(counted.values()) <= {TOGETHER}
    assert ledger.batches <= counted.keys()


@pytest.fixture
def begin(tmp_path: Path, log: Path) -> Callable[[], Process]:
    command = python_part("local.cosmos", "--port", "0", "--data", str(tmp_path / "data"))
    return lambda: start("cosmos", command, log=log)


async def test_nothing_is_lost_and_nothing_is_torn(begin: Callable[[], Process]) -> None:
    ledger, chance = Ledger(), random.Random(20261120)
    for round_ in range(ROUNDS):
        process = begin()
        try:
            await killed_under_load(process, ledger, round_, chance.randrange(20, 150))
        finally:
            process.stop()
        again = begin()
        try:
            async with opened(again) as items:
                await check(items, ledger)
        finally:
            again.stop()
    assert len(ledger.batches) > ROUNDS
    assert len(ledger.sure) == WRITERS
