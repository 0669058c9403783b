"""Queries that name ids find the same as those that read everything."""

from typing import Any

import pytest
from azure.cosmos.aio import ContainerProxy

from local.cosmos.query.narrowing import only_ids
from local.cosmos.query.parser import parse
from local.cosmos.query.scope import Scope
from tests.contract.cosmos.asking import rows


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("c.id = 'a'", {"a"}),
        ("@p = c['id'] AND c.n > 1", {"p"}),
        ("c.id IN ('a', @p) AND c.id != 'a'", {"a", "p"}),
        ("c.id = 'a' AND c.id = 'b'", set()),
        ("c.id = 5", set()),
        ("(c.id = 'a' AND c.n = 1) OR (c.id = 'b' AND c.n = 2)", {"a", "b"}),
        ("c.id = 'a' OR c.n = 1", None),
        ("NOT (c.id = 'a')", None),
        ("c.id != 'a'", None),
        ("c.id = c.n", None),
        ("c.id IN ('a', c.n)", None),
        ("c.o.id = 'a'", None),
        ("c.id >= 'a'", None),
    ],
)
def test_what_a_condition_says_about_ids(condition: str, ids: set[str] | None) -> None:
    query = parse(f"SELECT * FROM c WHERE {condition}")
    assert only_ids(query, Scope(parameters={"@p": "p"})) == ids


@pytest.mark.parametrize(
    "query",
    [
        "SELECT VALUE x.n FROM c JOIN x IN c.list WHERE x.id = 'a'",
        "SELECT VALUE x.n FROM x IN c.list WHERE x.id = 'a'",
        "SELECT VALUE x.n FROM c.inner x WHERE x.id = 'a'",
    ],
)
def test_ids_inside_a_document_are_not_the_documents(query: str) -> None:
    assert only_ids(parse(query), Scope()) is None


async def test_by_id_in_and_across_partitions(container: ContainerProxy) -> None:
    for number in range(6):
        await container.create_item({"id": f"i{number % 3}", "pk": f"p{number}", "n": number})
    queries: dict[str, list[Any]] = {
        "SELECT VALUE c.n FROM c WHERE c.id = 'i1'": [1, 4],
        "SELECT VALUE c.n FROM c WHERE c.id IN ('i0', 'i2') AND c.n > 1": [2, 3, 5],
        "SELECT VALUE c.n FROM c WHERE c.id = 'none'": [],
    }
    for query, expected in queries.items():
        assert sorted(await rows(container, query)) == expected
        inside = [number for number in expected if number == 4]
        assert await rows(container, query, partition_key="p4") == inside
