"""Many at once: one winner, and nothing lost."""

import asyncio

from azure.core import MatchConditions
from azure.cosmos.aio import ContainerProxy
from azure.cosmos.exceptions import CosmosAccessConditionFailedError, CosmosResourceExistsError


async def test_of_twenty_creates_of_one_id_one_wins(container: ContainerProxy) -> None:
    async def create() -> bool:
        try:
            await container.create_item({"id": "race", "pk": "a"})
        except CosmosResourceExistsError:
            return False
        return True

    assert sum(await asyncio.gather(*(create() for _ in range(20)))) == 1


async def test_twenty_counters_with_etags_lose_no_update(container: ContainerProxy) -> None:
    await container.create_item({"id": "counter", "pk": "a", "n": 0})

    async def count() -> None:
        while True:
            item = await container.read_item("counter", "a")
            try:
                await container.replace_item(
                    "counter",
                    {**item, "n": item["n"] + 1},
                    etag=item["_etag"],
                    match_condition=MatchConditions.IfNotModified,
                )
            except CosmosAccessConditionFailedError:
                continue
            return

    await asyncio.gather(*(count() for _ in range(20)))
    assert (await container.read_item("counter", "a"))["n"] == 20


async def test_patches_that_count_lose_no_update(container: ContainerProxy) -> None:
    await container.create_item({"id": "counter", "pk": "a", "n": 0})
    await asyncio.gather(
        *(
            container.patch_item("counter", "a", [{"op": "incr", "path": "/n", "value": 1}])
            for _ in range(20)
        )
    )
    assert (await container.read_item("counter", "a"))["n"] == 20
