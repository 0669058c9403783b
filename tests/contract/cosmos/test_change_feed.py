"""The change feed: the latest version of what changed, in order, from where one left off."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.cosmos.aio import ContainerProxy
from azure.cosmos.exceptions import CosmosBatchOperationError

from tests.contract.cosmos.asking import ids, rows
from tests.contract.cosmos.conftest import NewContainer


async def changes(container: ContainerProxy, **options: Any) -> tuple[list[str], str]:
    """The ids, and the continuation to ask with next time."""
    found = [change["id"] async for change in container.query_items_change_feed(**options)]
    headers = container.client_connection.last_response_headers
    return found, headers["etag"]


@pytest.fixture
async def changed(new_container: NewContainer) -> ContainerProxy:
    container = await new_container("feed", default_ttl=-1)
    for number in range(6):
        await container.create_item({"id": str(number), "pk": f"k{number % 2}"})
    return container


async def test_from_the_beginning_in_order(changed: ContainerProxy) -> None:
    found, _ = await changes(changed, start_time="Beginning")
    assert found == ["0", "1", "2", "3", "4", "5"]


async def test_only_what_came_later(changed: ContainerProxy) -> None:
    _, token = await changes(changed, start_time="Beginning")
    assert (await changes(changed, continuation=token))[0] == []
    await changed.upsert_item({"id": "2", "pk": "k0", "v": 2})
    await changed.create_item({"id": "9", "pk": "k1"})
    await changed.delete_item("3", "k1")
    found, later = await changes(changed, continuation=token)
    assert found == ["2", "9"]
    assert (await changes(changed, continuation=later))[0] == []


async def test_an_item_changed_twice_appears_once_at_its_last_place(
    changed: ContainerProxy,
) -> None:
    for version in (1, 2):
        await changed.upsert_item({"id": "0", "pk": "k0", "v": version})
    feed = changed.query_items_change_feed(start_time="Beginning")
    found = [change async for change in feed]
    assert ids(found) == ["1", "2", "3", "4", "5", "0"]
    assert found[-1]["v"] == 2
    lsns = [change["_lsn"] for change in found]
    assert lsns == sorted(lsns)


async def test_pages(changed: ContainerProxy) -> None:
    feed = changed.query_items_change_feed(start_time="Beginning", max_item_count=4).by_page()
    sizes = [len([change async for change in page]) async for page in feed]
    assert [size for size in sizes if size] == [4, 2]


async def test_from_now(changed: ContainerProxy) -> None:
    found, token = await changes(changed, start_time="Now")
    assert found == []
    await changed.create_item({"id": "new", "pk": "k0"})
    assert (await changes(changed, continuation=token))[0] == ["new"]


async def test_from_a_moment(changed: ContainerProxy, pass_time: Callable[[float], None]) -> None:
    last = await changed.read_item("5", "k1")
    pass_time(10)
    await changed.create_item({"id": "late", "pk": "k0"})
    moment = datetime.fromtimestamp(last["_ts"], UTC) + timedelta(seconds=5)
    assert (await changes(changed, start_time=moment))[0] == ["late"]


async def test_of_one_partition(changed: ContainerProxy) -> None:
    found, token = await changes(changed, start_time="Beginning", partition_key="k0")
    assert found == ["0", "2", "4"]
    await changed.create_item({"id": "x", "pk": "k1"})
    await changed.create_item({"id": "y", "pk": "k0"})
    assert (await changes(changed, continuation=token, partition_key="k0"))[0] == ["y"]


async def test_of_each_feed_range(changed: ContainerProxy) -> None:
    found = []
    async for feed_range in changed.read_feed_ranges():
        some, _ = await changes(changed, feed_range=feed_range, start_time="Beginning")
        found += some
    assert sorted(found) == ["0", "1", "2", "3", "4", "5"]


async def test_of_a_stretch_of_the_ring(changed: ContainerProxy) -> None:
    stretch = await changed.feed_range_from_partition_key("k1")
    found, token = await changes(changed, feed_range=stretch, start_time="Beginning")
    assert found == ["1", "3", "5"]
    await changed.create_item({"id": "x", "pk": "k0"})
    await changed.create_item({"id": "y", "pk": "k1"})
    assert (await changes(changed, continuation=token))[0] == ["y"]
    asked = await rows(changed, "SELECT VALUE c.id FROM c", feed_range=stretch)
    assert sorted(asked) == ["1", "3", "5", "y"]


async def test_of_hierarchical_keys(tenants: ContainerProxy) -> None:
    for number in range(4):
        await tenants.create_item({"id": str(number), "tenant_id": "t", "key": f"k{number % 2}"})
    found, _ = await changes(tenants, start_time="Beginning", partition_key=["t", "k1"])
    assert found == ["1", "3"]
    whole, _ = await changes(tenants, start_time="Beginning", partition_key=["t"])
    assert whole == ["0", "1", "2", "3"]


async def test_a_failed_batch_leaves_no_change(changed: ContainerProxy) -> None:
    _, token = await changes(changed, start_time="Beginning")
    operations = [("create", ({"id": "a", "pk": "k0"},)), ("create", ({"id": "0", "pk": "k0"},))]
    with pytest.raises(CosmosBatchOperationError):
        await changed.execute_item_batch(operations, "k0")
    assert (await changes(changed, continuation=token))[0] == []
