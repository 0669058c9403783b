"""The synchronous client, where it goes its own way."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.cosmos import ContainerProxy, CosmosClient
from azure.cosmos.aio import ContainerProxy as AsyncContainer

from tests.contract.cosmos.asking import refused
from tests.contract.cosmos.conftest import Endpoint


@pytest.fixture
def items(endpoint: Endpoint, container: AsyncContainer) -> Iterator[ContainerProxy]:
    database = container.container_link.split("/")[1]
    with CosmosClient(endpoint.url, endpoint.key) as client:
        yield client.get_database_client(database).get_container_client(container.id)


def test_a_life_of_an_item(items: ContainerProxy) -> None:
    items.create_item({"id": "1", "pk": "a", "n": 1})
    items.upsert_item({"id": "1", "pk": "a", "n": 2})
    items.patch_item("1", "a", [{"op": "incr", "path": "/n", "value": 1}])
    assert items.read_item("1", "a")["n"] == 3
    items.delete_item("1", "a")
    with refused(404):
        items.read_item("1", "a")


def test_queries_across_partitions(items: ContainerProxy) -> None:
    for number in range(9):
        items.create_item({"id": str(number), "pk": f"p{number % 3}", "n": number})
    expectations: dict[str, list[Any]] = {
        "SELECT VALUE c.n FROM c ORDER BY c.n DESC": list(range(8, -1, -1)),
        "SELECT VALUE COUNT(1) FROM c": [9],
        "SELECT VALUE AVG(c.n) FROM c": [4],
        "SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 2 LIMIT 3": [2, 3, 4],
    }
    for query, expected in expectations.items():
        assert list(items.query_items(query, enable_cross_partition_query=True)) == expected


def test_many_are_read_at_once(items: ContainerProxy) -> None:
    for number in range(9):
        items.create_item({"id": str(number), "pk": f"p{number % 3}"})
    found = items.read_items([(str(number), f"p{number % 3}") for number in range(9)])
    assert sorted(item["id"] for item in found) == [str(number) for number in range(9)]


def test_batches_and_the_change_feed(items: ContainerProxy) -> None:
    items.execute_item_batch([("create", ({"id": str(n), "pk": "a"},)) for n in range(3)], "a")
    changes = items.query_items_change_feed(start_time="Beginning")
    assert [change["id"] for change in changes] == ["0", "1", "2"]
