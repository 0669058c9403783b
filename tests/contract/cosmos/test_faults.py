"""Faults on order: what a client retries, what it passes on, and answers that get lost."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from azure.cosmos import PartitionKey
from azure.cosmos.aio import ContainerProxy, CosmosClient

from local.cosmos.server import Serving, serve
from tests.contract.cosmos.asking import refused

pytestmark = pytest.mark.usefixtures("own_service")


@pytest.fixture
async def serving() -> AsyncIterator[Serving]:
    """A service of its own, so that no fault meets another test."""
    async with serve() as running:
        yield running


@pytest.fixture
async def items(serving: Serving) -> AsyncIterator[ContainerProxy]:
    async with CosmosClient(serving.url, serving.key, retry_total=3) as client:
        database = await client.create_database("faults")
        container = await database.create_container("items", PartitionKey("/pk"))
        await container.create_item({"id": "1", "pk": "a"})
        yield container


async def order(serving: Serving, **fault: object) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{serving.url}/_local/faults", json=fault) as answer,
    ):
        assert answer.status == 201, await answer.text()


async def pending(serving: Serving) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{serving.url}/_local/faults") as answer,
    ):
        count: int = (await answer.json())["pending"]
        return count


async def test_a_busy_service_is_asked_again(serving: Serving, items: ContainerProxy) -> None:
    await order(serving, status=429, count=3, retry_after_ms=1)
    assert (await items.read_item("1", "a"))["id"] == "1"
    assert await pending(serving) == 0


async def test_a_service_that_stays_busy_is_given_up(
    serving: Serving, items: ContainerProxy
) -> None:
    await order(serving, status=429, count=1000, retry_after_ms=1)
    with refused(429):
        await items.read_item("1", "a")


async def test_a_conflict_inside_the_service_is_passed_on(
    serving: Serving, items: ContainerProxy
) -> None:
    await order(serving, status=449, count=1)
    with refused(449):
        await items.create_item({"id": "2", "pk": "a"})
    await items.create_item({"id": "2", "pk": "a"})


async def test_a_fault_meets_only_what_it_is_meant_for(
    serving: Serving, items: ContainerProxy
) -> None:
    await order(serving, status=449, count=1, method="PUT", container="items")
    await order(serving, status=449, count=1, container="others")
    await items.read_item("1", "a")
    with refused(449):
        await items.replace_item("1", {"id": "1", "pk": "a", "n": 1})
    assert await pending(serving) == 1


async def test_a_lost_answer_leaves_its_effect(serving: Serving, items: ContainerProxy) -> None:
    await order(serving, status=449, count=1, applied=True)
    with refused(449):
        await items.create_item({"id": "2", "pk": "a"})
    with refused(409):
        await items.create_item({"id": "2", "pk": "a"})


async def test_faults_can_be_taken_back(serving: Serving, items: ContainerProxy) -> None:
    await order(serving, status=503, count=5)
    async with (
        aiohttp.ClientSession() as session,
        session.delete(f"{serving.url}/_local/faults") as answer,
    ):
        assert answer.status == 204
    await items.read_item("1", "a")


@pytest.mark.parametrize("fault", [{"status": 200}, {}, {"status": 429, "count": "many"}])
async def test_a_fault_that_is_none_is_refused(serving: Serving, fault: dict[str, object]) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{serving.url}/_local/faults", json=fault) as answer,
    ):
        assert answer.status == 400
