"""Time to live: the container's default, an item's own, and never."""

from collections.abc import Callable

import pytest
from azure.cosmos import PartitionKey
from azure.cosmos.aio import ContainerProxy, DatabaseProxy

from tests.contract.cosmos.asking import ids, refused, rows
from tests.contract.cosmos.conftest import NewContainer

PassTime = Callable[[float], None]


async def alive(container: ContainerProxy) -> list[str]:
    return sorted(ids(await rows(container, "SELECT * FROM c", partition_key="a")))


async def test_the_default_counts_where_an_item_says_nothing(
    new_container: NewContainer, pass_time: PassTime
) -> None:
    container = await new_container(default_ttl=100)
    await container.create_item({"id": "default", "pk": "a"})
    await container.create_item({"id": "long", "pk": "a", "ttl": 1000})
    await container.create_item({"id": "never", "pk": "a", "ttl": -1})
    pass_time(98)
    assert await alive(container) == ["default", "long", "never"]
    pass_time(3)
    assert await alive(container) == ["long", "never"]
    with refused(404):
        await container.read_item("default", "a")
    pass_time(10_000)
    assert await alive(container) == ["never"]


async def test_without_a_default_items_stay(
    new_container: NewContainer, pass_time: PassTime
) -> None:
    container = await new_container()
    await container.create_item({"id": "1", "pk": "a", "ttl": 1})
    pass_time(1000)
    assert await alive(container) == ["1"]


async def test_a_change_begins_a_new_life(new_container: NewContainer, pass_time: PassTime) -> None:
    container = await new_container(default_ttl=-1)
    await container.create_item({"id": "1", "pk": "a", "ttl": 100})
    pass_time(90)
    await container.patch_item("1", "a", [{"op": "set", "path": "/n", "value": 1}])
    pass_time(90)
    assert await alive(container) == ["1"]
    pass_time(20)
    assert await alive(container) == []


async def test_a_new_default_counts_for_what_is_there(
    database: DatabaseProxy, new_container: NewContainer, pass_time: PassTime
) -> None:
    container = await new_container(default_ttl=-1)
    await container.create_item({"id": "1", "pk": "a"})
    pass_time(200)
    await database.replace_container(container.id, PartitionKey("/pk"), default_ttl=100)
    assert await alive(container) == []


async def test_what_has_expired_is_in_nobodys_way(
    new_container: NewContainer, pass_time: PassTime
) -> None:
    unique = {"uniqueKeys": [{"paths": ["/email"]}]}
    container = await new_container(default_ttl=10, unique_key_policy=unique)
    await container.create_item({"id": "1", "pk": "a", "email": "e"})
    pass_time(11)
    await container.create_item({"id": "1", "pk": "a", "email": "e"})
    pass_time(11)
    await container.create_item({"id": "2", "pk": "a", "email": "e"})
    found = container.query_items_change_feed(start_time="Beginning")
    assert ids([change async for change in found]) == ["2"]


@pytest.mark.parametrize("ttl", [0, -2, 1.5, "1", None, 2**31])
async def test_a_life_is_a_whole_number_of_seconds(container: ContainerProxy, ttl: object) -> None:
    with refused(400, "ttl"):
        await container.create_item({"id": "1", "pk": "a", "ttl": ttl})
