"""What the real gateway refuses of this SDK, refused here too, unless told to be permissive."""

from collections.abc import AsyncIterator

import pytest
from azure.cosmos import CosmosClient as SyncClient
from azure.cosmos import PartitionKey
from azure.cosmos.aio import ContainerProxy, CosmosClient
from azure.cosmos.exceptions import CosmosHttpResponseError

from local.cosmos.server import serve
from tests.contract.cosmos.asking import refused, rows
from tests.contract.cosmos.conftest import NewContainer
from tests.contract.cosmos.endpoint import Endpoint
from tests.contract.cosmos.test_containers import COMPOSITE

UNSUPPORTED = "features, which the calling client does not support"


@pytest.mark.parametrize(
    ("query", "features"),
    [
        ("SELECT c.g FROM c GROUP BY c.g", "GroupBy"),
        ("SELECT c.g, COUNT(1) AS n FROM c GROUP BY c.g", "GroupBy NonValueAggregate"),
        ("SELECT COUNT(1) AS n FROM c", "NonValueAggregate"),
        (
            "SELECT COUNT(1) AS n, SUM(c.n) AS s FROM c",
            "MultipleAggregates NonValueAggregate",
        ),
    ],
)
async def test_across_partitions_this_client_may_not(
    container: ContainerProxy, query: str, features: str
) -> None:
    await container.create_item({"id": "1", "pk": "a", "g": "x", "n": 1})
    with refused(400, f"{UNSUPPORTED}: {features}"):
        await rows(container, query)
    assert await rows(container, query, partition_key="a")


async def test_aggregates_in_expressions_do_not_cross_partitions(
    container: ContainerProxy,
) -> None:
    with refused(400):
        await rows(container, "SELECT VALUE COUNT(1) + 1 FROM c")


def test_the_synchronous_client_must_ask_to_cross_partitions(
    endpoint: Endpoint, container: ContainerProxy
) -> None:
    database = container.container_link.split("/")[1]
    with SyncClient(endpoint.url, endpoint.key) as client:
        same = client.get_database_client(database).get_container_client(container.id)
        with pytest.raises(CosmosHttpResponseError, match="Cross partition query is required"):
            list(same.query_items("SELECT * FROM c"))
        assert list(same.query_items("SELECT * FROM c", enable_cross_partition_query=True)) == []


@pytest.mark.parametrize(
    ("order", "served"),
    [
        ("c.a ASC, c.b DESC", True),
        ("c.a DESC, c.b ASC", True),
        ("c.a ASC, c.b ASC", False),
        ("c.b DESC, c.a ASC", False),
        ("c.a, c.c", False),
    ],
)
@pytest.mark.parametrize("partition_key", ["x", None])
async def test_two_keys_need_a_composite_index(
    new_container: NewContainer, order: str, served: bool, partition_key: str | None
) -> None:
    container = await new_container("composite", indexing_policy=COMPOSITE)
    for number, (a, b) in enumerate([(1, 1), (1, 2), (0, 5)]):
        await container.create_item({"id": str(number), "pk": "x", "a": a, "b": b})
    options = {} if partition_key is None else {"partition_key": partition_key}
    query = f"SELECT VALUE c.id FROM c ORDER BY {order}"
    if served:
        expected = ["2", "1", "0"] if order.startswith("c.a ASC") else ["0", "1", "2"]
        assert await rows(container, query, **options) == expected
        return
    with refused(400, "composite index"):
        await rows(container, query, **options)


@pytest.mark.parametrize(
    "order", ["c.a + 1", "LOWER(c.a)", "t", "c"], ids=["sum", "call", "join", "root"]
)
async def test_an_order_is_by_a_path_of_the_document(container: ContainerProxy, order: str) -> None:
    with refused(400):
        await rows(
            container, f"SELECT c.id FROM c JOIN t IN c.tags ORDER BY {order}", partition_key="a"
        )


async def test_an_order_needs_an_indexed_path(new_container: NewContainer) -> None:
    policy = {
        "indexingMode": "consistent",
        "includedPaths": [{"path": "/kept/*"}, {"path": "/one/?"}],
        "excludedPaths": [{"path": "/*"}, {"path": "/kept/not/*"}],
    }
    container = await new_container("sparse", indexing_policy=policy)
    for path in ("c.one", "c.kept.a", "c.kept.a.b"):
        assert await rows(container, f"SELECT * FROM c ORDER BY {path}", partition_key="a") == []
    for path in ("c.two", "c.one.deep", "c.kept.not.a"):
        with refused(400, "index"):
            await rows(container, f"SELECT * FROM c ORDER BY {path}", partition_key="a")


@pytest.fixture
async def permissive(own_service: None) -> AsyncIterator[ContainerProxy]:
    async with (
        serve(strict=False) as serving,
        CosmosClient(serving.url, serving.key) as client,
    ):
        database = await client.create_database("relaxed")
        yield await database.create_container("items", PartitionKey("/pk"))


async def test_a_permissive_service_answers_them(permissive: ContainerProxy) -> None:
    for number in range(4):
        await permissive.create_item({"id": str(number), "pk": f"p{number}", "g": number % 2})
    grouped = await rows(permissive, "SELECT c.g, COUNT(1) AS n FROM c GROUP BY c.g")
    assert sorted(row["n"] for row in grouped) == [2, 2]
    assert await rows(permissive, "SELECT VALUE c.id FROM c ORDER BY c.g, c.id") == list("0213")
