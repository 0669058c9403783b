"""Queries over thirty items in three partitions, each asked in one partition and across all."""

import json
from typing import Any

import pytest
from azure.cosmos.aio import ContainerProxy

from tests.contract.cosmos.asking import refused, rows
from tests.contract.cosmos.conftest import NewContainer
from tests.contract.cosmos.query_cases import ALL, CASES, COUNT, ONE, PARTITION_ONLY, Case


@pytest.fixture
async def thirty(new_container: NewContainer) -> ContainerProxy:
    container = await new_container("thirty")
    for partition in range(3):
        members = range(partition, COUNT, 3)
        operations = [("create", (document(number),)) for number in members]
        await container.execute_item_batch(operations, f"p{partition}")
    return container


def document(number: int) -> dict[str, Any]:
    optional = {"opt": number} if number % 10 == 0 else {}
    return {
        "id": f"i{number:02}",
        "pk": f"p{number % 3}",
        "n": number,
        "s": f"name{number:02}",
        "tags": ["even" if number % 2 == 0 else "odd", f"m{number % 5}"],
        "grp": f"g{number % 4}",
        "loc": {"type": "Point", "coordinates": [4.0 + number * 0.01, 52.0]},
        "lines": [{"sku": f"k{number % 2}", "qty": number}],
        "nested": {"a": {"b": number % 2 == 0}},
        "nothing": None,
        **optional,
    }


def arranged(found: list[Any], case: Case) -> list[Any]:
    if case.ordered:
        return found
    return sorted(found, key=lambda row: json.dumps(row, sort_keys=True))


async def test_in_one_partition(thirty: ContainerProxy) -> None:
    for case in (*CASES, *PARTITION_ONLY):
        found = await rows(thirty, case.query, partition_key="p0", parameters=case.parameters)
        assert arranged(found, case) == arranged(case.expected(ONE), case), case.query


async def test_across_partitions(thirty: ContainerProxy) -> None:
    for case in CASES:
        found = await rows(thirty, case.query, parameters=case.parameters)
        assert arranged(found, case) == arranged(case.expected(ALL), case), case.query


async def test_by_the_time_of_the_last_change(thirty: ContainerProxy) -> None:
    for options in ({"partition_key": "p0"}, {}):
        found = await rows(thirty, "SELECT VALUE c._ts FROM c ORDER BY c._ts DESC", **options)
        assert found == sorted(found, reverse=True)


async def test_by_feed_range(thirty: ContainerProxy) -> None:
    found = []
    async for feed_range in thirty.read_feed_ranges():
        found += await rows(thirty, "SELECT VALUE c.n FROM c", feed_range=feed_range)
    assert sorted(found) == list(ALL)


async def test_all_items_are_read(thirty: ContainerProxy) -> None:
    assert len([item async for item in thirty.read_all_items()]) == COUNT
    sizes = [
        len([item async for item in page])
        async for page in thirty.read_all_items(max_item_count=20).by_page()
    ]
    assert sizes == [20, 10]


@pytest.mark.parametrize("partition_key", ["p0", None])
@pytest.mark.parametrize(
    "query",
    [
        "SELEC bogus FRM c",
        "",
        "SELECT",
        "SELECT * FROM c WHERE",
        "SELECT * FROM c WHERE c.n = ",
        "SELECT * FROM c WHERE unknown.n = 1",
        "SELECT NOSUCH(c.n) FROM c",
        "SELECT LOWER() FROM c",
        "SELECT * FROM c WHERE c.n = @missing",
        "SELECT * FROM c JOIN t IN c.tags",
        "SELECT c.n, c.n FROM c",
        "SELECT * FROM c; DROP",
        "SELECT * FROM c OFFSET -1 LIMIT 1",
    ],
)
async def test_what_is_no_query_is_refused(
    thirty: ContainerProxy, query: str, partition_key: str | None
) -> None:
    options = {} if partition_key is None else {"partition_key": partition_key}
    with refused(400):
        await rows(thirty, query or " ", **options)
