"""Containers and queries, with the unchanged SDK against the emulator."""

import json
from collections.abc import AsyncGenerator
from typing import Any
from uuid import uuid4

import pytest
from azure.cosmos.aio import CosmosClient

from tests.board.asking import Board
from tests.board.conftest import Lived

KINDS = {"container": "trips", "query": "SELECT c.id, c.kind FROM c"}


async def all_pages(board: Board, asked: dict[str, Any]) -> list[Any]:
    pages = [page async for page in _pages(board, asked)]
    assert max(map(len, pages)) <= asked["limit"]
    return [each for page in pages for each in page]


async def test_every_container_with_what_it_holds(board: Board) -> None:
    items = {each["name"]: each for each in (await board.get("/api/containers"))["items"]}
    assert items["trips"]["partition_key"] == ["/tenant_id", "/key"]
    assert items["trips"]["items"] > 0
    assert items["idempotency"]["default_ttl_s"] == 86400
    assert {each["database"] for each in items.values()} == {"collab"}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"partition_key": ["default"]},
        {"query": "SELECT c.id, c.kind FROM c ORDER BY c.id"},
    ],
)
async def test_pages_neither_skip_nor_repeat(board: Board, more: dict[str, Any]) -> None:
    whole = await all_pages(board, {**KINDS, **more, "limit": 200})
    paged = await all_pages(board, {**KINDS, **more, "limit": 3})
    assert len(whole) > 6
    assert [each["id"] for each in paged] == [each["id"] for each in whole]
    assert len({each["id"] for each in paged}) == len(paged)


async def test_parameters_and_one_partition(board: Board) -> None:
    asked = {
        "container": "trips",
        "query": "SELECT * FROM c WHERE c.kind = @kind",
        "parameters": [{"name": "@kind", "value": "Trip"}],
    }
    [trip] = (await board.post("/api/query", asked))["items"]
    mine = {**asked, "partition_key": [trip["tenant_id"], trip["key"]]}
    assert len((await board.post("/api/query", mine))["items"]) == 1
    other = {**asked, "partition_key": ["nobody", "nothing"]}
    assert (await board.post("/api/query", other))["items"] == []


async def test_aggregates(board: Board) -> None:
    count = {**KINDS, "query": "SELECT VALUE COUNT(1) FROM c"}
    [number] = (await board.post("/api/query", count))["items"]
    containers = (await board.get("/api/containers"))["items"]
    assert number == next(each["items"] for each in containers if each["name"] == "trips")


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ({"query": "SELECT c.kind, COUNT(1) AS n FROM c GROUP BY c.kind"}, 400, "does not support"),
        ({"query": "SELECT FROM"}, 400, "Syntax error"),
        ({"query": "DELETE FROM c"}, 400, "Syntax error"),
        ({"container": "nowhere"}, 404, "does not exist"),
        ({"container": "auth/docs/../../trips"}, 404, "such a name"),
        ({"database": "collab/colls/auth?"}, 404, "such a name"),
        ({"database": "nowhere"}, 404, "does not exist"),
        ({"partition_key": ["a", "b", "c"]}, 400, "partition key"),
        ({"query": "SELECT * FROM c WHERE c.x = @nobody"}, 400, "@nobody"),
    ],
)
async def test_what_the_service_refuses_is_said_in_its_words(
    board: Board, more: dict[str, Any], status: int, said: str
) -> None:
    refused = await board.post("/api/query", {**KINDS, **more}, status)
    assert said in refused["error"]
    assert "{" not in refused["error"]


async def test_within_one_partition_it_may_group(board: Board) -> None:
    asked = {
        "container": "trips",
        "query": "SELECT c.kind, COUNT(1) AS n FROM c GROUP BY c.kind",
        "partition_key": ["default"],
    }
    kinds = {each["kind"] for each in (await board.post("/api/query", asked))["items"]}
    assert {"Trip", "audit", "outbox"} <= kinds


async def test_huge_documents_come_in_pages_that_a_browser_can_hold(
    board: Board, lived: Lived
) -> None:
    connection = lived.surroundings.settings["COSMOS"]
    tenant = str(uuid4())
    async with CosmosClient.from_connection_string(connection) as client:
        container = client.get_database_client("collab").get_container_client("trips")
        for number in range(10):
            text = "x" * 900_000
            await container.create_item(
                {"id": str(number), "tenant_id": tenant, "key": "k", "text": text}
            )
    asked = {
        "container": "trips",
        "parameters": [{"name": "@tenant", "value": tenant}],
        "limit": 50,
    }
    for order in ("", " ORDER BY c.id"):
        text = f"SELECT * FROM c WHERE c.tenant_id = @tenant{order}"
        pages = [page async for page in _pages(board, {**asked, "query": text})]
        assert max(len(json.dumps(page)) for page in pages) < 9 * 1024 * 1024
        found = [each["id"] for page in pages for each in page]
        assert sorted(found) == [str(number) for number in range(10)]


async def _pages(board: Board, asked: dict[str, Any]) -> AsyncGenerator[list[Any]]:
    cursor = None
    while True:
        page = await board.post("/api/query", {**asked, "cursor": cursor})
        assert page["request_charge"] > 0
        assert page["duration_ms"] > 0
        yield page["items"]
        if (cursor := page["cursor"]) is None:
            return
