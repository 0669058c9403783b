"""Cosmos that does not answer, or answers too late: each save is made once, and known to be."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from azure.cosmos import PartitionKey
from azure.cosmos.aio import ContainerProxy, CosmosClient
from azure.cosmos.exceptions import CosmosHttpResponseError

from local.process import python_part, start
from shared.contracts.trips import TripCancelled
from shared.errors import Missing, Stale
from shared.platform import clock
from shared.platform.clients import container as app_container
from shared.records.cosmos import CosmosDocuments, Exists
from shared.records.document import Document, Stored
from tests.support.azure import COSMOS_KEY, cosmos_connection

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CANCELLED = TripCancelled(tenant_id="t", at=NOON, trip_id="x", title="T", driver_id=None, reason="")
# The reply that is lost is a 503 at first and a broken connection the second time.
LOST = [("reply-lost", 1, 0), ("reply-lost", 2, 0)]
NOT_DONE = [("retry-with", 2, 0), ("timeout", 1, 0)]
Failing = Callable[..., AbstractAsyncContextManager[ContainerProxy]]


class Crate(Document):
    weight: float = 0.0


class Machine(Document):
    audited = False
    beats: int = 0


@pytest.fixture
def failing(tmp_path: Path) -> Failing:
    """A container of an emulator whose operations of one kind fail as told."""

    @asynccontextmanager
    async def run(
        operation: str, fault: str, count: int, after: int
    ) -> AsyncIterator[ContainerProxy]:
        rule = {"part": "cosmos", "operation": operation, "fault": fault, "count": count}
        plan = tmp_path / "plan.json"
        plan.write_text(json.dumps({"rules": [{**rule, "after": after}]}), encoding="utf-8")
        command = python_part("local.cosmos", "--port", "0", "--faults", str(plan))
        env = {"LOCAL_PART_KEY": COSMOS_KEY}
        process = start("cosmos", command, log=tmp_path / "cosmos.log", env=env)
        connection = cosmos_connection(process.ready["url"])
        try:
            async with CosmosClient.from_connection_string(connection, retry_total=3) as client:
                database = await client.create_database("d")
                key = PartitionKey(path=["/tenant_id", "/key"], kind="MultiHash", version=2)
                yield await database.create_container("c", key)
        finally:
            process.stop()

    return run


def crates(container: ContainerProxy) -> CosmosDocuments[Crate]:
    return CosmosDocuments(container, Crate, clock.now)


def crate(weight: float = 612.0) -> Crate:
    return Crate(id=str(uuid4()), tenant_id="t", weight=weight)


async def items(container: ContainerProxy, kind: str) -> int:
    return sum([item["kind"] == kind async for item in container.read_all_items()])


@pytest.mark.parametrize("fault", [*LOST, *NOT_DONE])
async def test_a_save_is_made_once_and_can_be_built_upon(
    failing: Failing, fault: tuple[str, int, int]
) -> None:
    async with failing("batch", *fault) as container:
        kept = crates(container)
        first = await kept.save(Stored(crate()), "pack", CANCELLED)
        heavier = first.now(first.document.model_copy(update={"weight": 700.5}))
        second = await kept.save(heavier, "weigh")

        found = await kept.get("t", first.document.id)
        assert (found.document, found.etag, found.chain) == (
            heavier.document,
            second.etag,
            second.chain,
        )
        trail = await kept.trail("t", first.document.id)
        assert [entry.action for entry in trail.entries] == ["pack", "weigh"]
        assert trail.intact
        assert await items(container, "outbox") == 1


@pytest.mark.parametrize("after", [1, 2])
async def test_a_change_whose_answer_is_lost_is_made_once(failing: Failing, after: int) -> None:
    async with failing("batch", "reply-lost", 1, after) as container:
        kept = crates(container)
        stored = await kept.save(Stored(crate()), "pack")
        for weight in (1.5, 2.5):
            changed = stored.document.model_copy(update={"weight": weight})
            stored = await kept.save(stored.now(changed), "weigh")
        trail = await kept.trail("t", stored.document.id)
        assert len(trail.entries) == 3


@pytest.mark.parametrize("fault", LOST)
async def test_what_has_no_trail_is_known_by_its_content(
    failing: Failing, fault: tuple[str, int, int]
) -> None:
    async with failing("batch", *fault) as container:
        machines = CosmosDocuments(container, Machine, clock.now)
        first = await machines.save(Stored(Machine(id="m", tenant_id="t")), "beat")
        second = await machines.save(first.now(Machine(id="m", tenant_id="t", beats=1)), "beat")

        assert (await machines.get("t", "m")).etag == second.etag
        with pytest.raises(Exists):
            await machines.save(Stored(Machine(id="m", tenant_id="t", beats=7)), "beat")
        with pytest.raises(Stale):
            await machines.save(first.now(Machine(id="m", tenant_id="t", beats=9)), "beat")


async def test_a_removal_whose_answer_is_lost_is_done(failing: Failing) -> None:
    async with failing("batch", "reply-lost", 2, 1) as container:
        kept = crates(container)
        for _ in range(2):
            stored = await kept.save(Stored(crate()), "pack")
            await kept.remove(stored, "scrap")
            with pytest.raises(Missing):
                await kept.get("t", stored.document.id)


async def test_somebody_elses_save_is_not_taken_for_ours(failing: Failing) -> None:
    """Ours got no answer and was not made; theirs was made meanwhile."""
    async with failing("batch", "unavailable", 1, 2) as container:
        kept = crates(container)
        stored = await kept.save(Stored(crate()), "pack")
        await kept.save(stored.now(crate().model_copy(update={"id": stored.document.id})), "weigh")
        with pytest.raises(Stale):
            await kept.save(stored.now(stored.document.model_copy(update={"weight": 1.5})), "weigh")


async def test_what_stays_down_is_told(failing: Failing) -> None:
    async with failing("batch", "unavailable", 100, 0) as container:
        with pytest.raises(CosmosHttpResponseError) as told:
            await crates(container).save(Stored(crate()), "pack")
        assert told.value.status_code == 503


@pytest.mark.parametrize("fault", ["retry-with", "timeout"])
async def test_a_read_is_tried_again(failing: Failing, fault: str) -> None:
    async with failing("*", fault, 2, 1) as container:
        kept = crates(container)
        stored = await kept.save(Stored(crate()), "pack")
        assert (await kept.get("t", stored.document.id)).document == stored.document
        assert [each.document for each in await kept.where("t")] == [stored.document]


@pytest.mark.usefixtures("records")
async def test_two_who_write_the_same_at_once_are_two(tenant: str) -> None:
    """Both count from none to one: the second must be told, or a beat is lost."""
    machines = CosmosDocuments(app_container("trips"), Machine, clock.now)
    machine = await machines.save(Stored(Machine(id="m", tenant_id=tenant)), "start")
    counted = machine.now(machine.document.model_copy(update={"beats": 1}))
    await machines.save(counted, "beat")
    with pytest.raises(Stale):
        await machines.save(counted, "beat")
