"""Request charges, which grow with the work, and what a query tells of itself."""

from typing import Any

import pytest
from azure.cosmos.aio import ContainerProxy

from tests.contract.cosmos.asking import rows
from tests.contract.cosmos.conftest import NewContainer

SPARSE = {
    "indexingMode": "consistent",
    "includedPaths": [{"path": "/kept/?"}],
    "excludedPaths": [{"path": "/*"}],
}


def headers_of(answered: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in answered.get_response_headers().items()}


def charge_of(answered: Any) -> float:
    return float(headers_of(answered)["x-ms-request-charge"])


async def asked(container: ContainerProxy, query: str, **options: Any) -> dict[str, str]:
    """The headers of a query's last page."""
    await rows(container, query, **options)
    headers = container.client_connection.last_response_headers
    return {name.lower(): value for name, value in headers.items()}


def sized(identifier: str, kilobytes: int) -> dict[str, Any]:
    return {"id": identifier, "pk": "a", "text": "x" * (kilobytes * 1024 - 400)}


async def test_a_point_read_of_a_kilobyte_costs_one_unit(container: ContainerProxy) -> None:
    await container.create_item(sized("1", 1))
    assert charge_of(await container.read_item("1", "a")) == 1


async def test_reads_and_writes_cost_more_with_size(container: ContainerProxy) -> None:
    small = charge_of(await container.create_item(sized("small", 1)))
    large = charge_of(await container.create_item(sized("large", 100)))
    assert 4 < small < 8
    assert large > 5 * small
    assert 5 < charge_of(await container.read_item("large", "a")) < 15


async def test_writes_cost_more_with_every_indexed_value(new_container: NewContainer) -> None:
    full = await new_container("full")
    sparse = await new_container("sparse", indexing_policy=SPARSE)
    document = {"id": "1", "pk": "a", "kept": 1, **{f"p{n}": n for n in range(30)}}
    indexed = charge_of(await full.create_item(document))
    spared = charge_of(await sparse.create_item(document))
    assert indexed > spared + 2


async def test_a_replaced_version_leaves_the_index_too(container: ContainerProxy) -> None:
    created = charge_of(await container.create_item(sized("1", 1)))
    replaced = charge_of(await container.upsert_item(sized("1", 1)))
    assert 1.5 * created < replaced < 2.5 * created


async def test_a_batch_costs_what_its_operations_cost(container: ContainerProxy) -> None:
    answers = await container.execute_item_batch(
        [("create", (sized(str(n), 1 + n),)) for n in range(3)], "a"
    )
    costs = [answer["requestCharge"] for answer in answers]
    assert costs == sorted(costs)
    headers = container.client_connection.last_response_headers
    assert float(headers["x-ms-request-charge"]) == pytest.approx(sum(costs), abs=0.02)


async def test_queries_cost_by_what_they_read(container: ContainerProxy) -> None:
    for start in range(0, 200, 100):
        await container.execute_item_batch(
            [("create", ({"id": str(n), "pk": "a", "n": n},)) for n in range(start, start + 100)],
            "a",
        )
    one, some, every = [
        float((await asked(container, query, partition_key="a"))["x-ms-request-charge"])
        for query in (
            "SELECT * FROM c WHERE c.n = 1",
            "SELECT * FROM c WHERE c.n < 50",
            "SELECT VALUE COUNT(1) FROM c WHERE c.n % 2 = 0",
        )
    ]
    assert 2 < one < some < every


async def test_a_query_tells_its_metrics_where_asked(container: ContainerProxy) -> None:
    for number in range(4):
        await container.create_item({"id": str(number), "pk": "a", "n": number})
    query = "SELECT VALUE c.n FROM c WHERE c.n % 2 = 0"
    assert "x-ms-documentdb-query-metrics" not in await asked(container, query, partition_key="a")
    headers = await asked(container, query, partition_key="a", populate_query_metrics=True)
    written = headers["x-ms-documentdb-query-metrics"]
    metrics = dict(part.split("=") for part in written.split(";"))
    assert metrics["retrievedDocumentCount"] == "4"
    assert metrics["outputDocumentCount"] == "2"
    assert int(metrics["retrievedDocumentSize"]) > 4 * 100
    assert float(metrics["totalExecutionTimeInMs"]) >= 0
    assert 0 <= float(metrics["indexUtilizationRatio"]) <= 1


async def test_a_query_tells_its_indexes_where_asked(new_container: NewContainer) -> None:
    container = await new_container("sparse", indexing_policy=SPARSE)
    headers = await asked(
        container,
        "SELECT * FROM c WHERE c.kept = 1 AND c.other > 2",
        partition_key="a",
        populate_index_metrics=True,
    )
    told: Any = headers["x-ms-cosmos-index-utilization"]
    assert [index["IndexSpec"] for index in told["UtilizedSingleIndexes"]] == ["/kept/?"]
    assert [index["IndexSpec"] for index in told["PotentialSingleIndexes"]] == ["/other/?"]
