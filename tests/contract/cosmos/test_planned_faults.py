"""Faults by plan: each as a client meets it, and the process that kills itself where it is told."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import AzureError
from azure.cosmos import CosmosClient as SyncClient
from azure.cosmos import PartitionKey
from azure.cosmos.aio import ContainerProxy, CosmosClient

from local.cosmos.authorization import EMULATOR_KEY
from local.cosmos.server import serve
from local.faults.plan import read
from local.process import PartFailed, python_part, start
from tests.contract.cosmos.asking import refused, rows

pytestmark = pytest.mark.usefixtures("own_service")
Disturbed = Callable[..., AbstractAsyncContextManager[ContainerProxy]]


@pytest.fixture
def plan(tmp_path: Path) -> Callable[..., Path]:
    def write(*rules: dict[str, Any]) -> Path:
        file = tmp_path / "plan.json"
        file.write_text(json.dumps({"seed": 7, "rules": [{"part": "cosmos", **r} for r in rules]}))
        return file

    return write


@pytest.fixture
def disturbed(plan: Callable[..., Path]) -> Disturbed:
    """A container of a service under a plan, asked by a client that tries again once."""

    @asynccontextmanager
    async def run(*rules: dict[str, Any]) -> AsyncIterator[ContainerProxy]:
        faults = read(plan(*rules), "cosmos")
        async with serve(faults=faults) as serving:
            options: dict[str, Any] = {"retry_total": 1, "retry_connect": 0, "retry_read": 0}
            async with CosmosClient(serving.url, serving.key, **options) as client:
                database = await client.create_database("planned")
                yield await database.create_container("items", PartitionKey("/pk"))

    return run


@pytest.mark.parametrize(
    ("fault", "status"),
    [("throttled", 429), ("retry-with", 449), ("unavailable", 503), ("timeout", 408)],
)
async def test_a_fault_befalls_what_it_is_meant_for(
    disturbed: Disturbed, fault: str, status: int
) -> None:
    async with disturbed({"fault": fault, "operation": "create", "retry_after_ms": 1}) as items:
        with refused(status) as caught:
            await items.create_item({"id": "1", "pk": "a"})
        if status == 429:
            assert caught.value.sub_status == 3200
        await items.upsert_item({"id": "1", "pk": "a"})
        assert (await items.read_item("1", "a"))["id"] == "1"


@pytest.mark.parametrize("operation", ["upsert", "replace", "delete", "patch", "batch"])
async def test_every_kind_of_write_has_its_name(disturbed: Disturbed, operation: str) -> None:
    writes: dict[str, Callable[[ContainerProxy], Any]] = {
        "upsert": lambda items: items.upsert_item({"id": "1", "pk": "a", "n": 2}),
        "replace": lambda items: items.replace_item("1", {"id": "1", "pk": "a", "n": 2}),
        "delete": lambda items: items.delete_item("1", "a"),
        "patch": lambda items: items.patch_item(
            "1", "a", [{"op": "set", "path": "/n", "value": 2}]
        ),
        "batch": lambda items: items.execute_item_batch([("delete", ("1",))], "a"),
    }
    async with disturbed({"fault": "retry-with", "operation": operation}) as items:
        await items.create_item({"id": "1", "pk": "a", "n": 1})
        with refused(449):
            await writes[operation](items)
        assert (await items.read_item("1", "a"))["n"] == 1


@pytest.mark.parametrize("operation", ["read", "query", "change-feed"])
async def test_every_kind_of_read_has_its_name(disturbed: Disturbed, operation: str) -> None:
    async def changes(items: ContainerProxy) -> list[Any]:
        return [each async for each in items.query_items_change_feed(start_time="Beginning")]

    reads: dict[str, Callable[[ContainerProxy], Any]] = {
        "read": lambda items: items.read_item("1", "a"),
        "query": lambda items: rows(items, "SELECT * FROM c", partition_key="a"),
        "change-feed": changes,
    }
    async with disturbed({"fault": "retry-with", "operation": operation, "count": 1}) as items:
        await items.create_item({"id": "1", "pk": "a"})
        with refused(449):
            await reads[operation](items)
        assert await reads[operation](items)


async def test_a_lost_reply_leaves_its_effect(disturbed: Disturbed) -> None:
    """By turns the service seems to be unavailable, and the line is cut."""
    rule = {"fault": "reply-lost", "operation": "upsert", "target": "it*"}
    async with disturbed(rule) as items:
        for identifier in ("1", "2"):
            with pytest.raises(AzureError):
                await items.upsert_item({"id": identifier, "pk": "a"})
        assert len(await rows(items, "SELECT * FROM c", partition_key="a")) == 2


async def test_other_targets_are_left_alone(disturbed: Disturbed) -> None:
    async with disturbed({"fault": "unavailable", "target": "others"}) as items:
        await items.create_item({"id": "1", "pk": "a"})


@pytest.mark.parametrize(
    ("point", "kept"), [("before-commit", [0, 1]), ("after-commit", [0, 1, 2])]
)
def test_it_kills_itself_where_it_is_told(
    plan: Callable[..., Path], tmp_path: Path, log: Path, point: str, kept: list[int]
) -> None:
    file = plan({"fault": "killed", "at": point, "target": "items", "after": 2, "count": 1})
    command = python_part("local.cosmos", "--port", "0", "--data", str(tmp_path / "data"))
    process = start("cosmos", [*command, "--faults", str(file)], log=log)
    options: dict[str, Any] = {"retry_total": 0, "retry_connect": 0, "retry_read": 0}
    try:
        with SyncClient(process.ready["url"], EMULATOR_KEY, **options) as client:
            database = client.create_database("kept")
            items = database.create_container("items", PartitionKey("/pk"))
            for number in range(2):
                items.create_item({"id": str(number), "pk": "a", "n": number})
            with pytest.raises(AzureError):
                items.execute_item_batch([("create", ({"id": "2", "pk": "a", "n": 2},))], "a")
        assert process.popen.wait(10) == -9
    finally:
        process.stop()
    again = start("cosmos", [*command, "--faults", str(file)], log=log)
    try:
        with SyncClient(again.ready["url"], EMULATOR_KEY) as client:
            items = client.get_database_client("kept").get_container_client("items")
            query = "SELECT VALUE c.n FROM c"
            assert sorted(items.query_items(query, partition_key="a"), key=str) == kept
            items.create_item({"id": "9", "pk": "a"})
    finally:
        again.stop()


def test_a_plan_that_is_none_is_refused(tmp_path: Path, log: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text("{")
    with pytest.raises(PartFailed, match="plan"):
        start("cosmos", python_part("local.cosmos", "--port", "0", "--faults", str(file)), log=log)
