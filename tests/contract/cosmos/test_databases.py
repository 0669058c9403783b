"""Databases: made once, found, listed, dropped with all they hold."""

import pytest
from azure.cosmos import PartitionKey
from azure.cosmos.aio import CosmosClient, DatabaseProxy
from azure.cosmos.exceptions import CosmosResourceExistsError, CosmosResourceNotFoundError

from tests.contract.cosmos.conftest import NewContainer


async def test_a_name_is_taken_once(client: CosmosClient, database: DatabaseProxy) -> None:
    with pytest.raises(CosmosResourceExistsError):
        await client.create_database(database.id)
    again = await client.create_database_if_not_exists(database.id)
    assert again.id == database.id


async def test_databases_are_listed_and_queried(
    client: CosmosClient, database: DatabaseProxy
) -> None:
    listed = [found["id"] async for found in client.list_databases()]
    assert database.id in listed
    parameters: list[dict[str, object]] = [{"name": "@id", "value": database.id}]
    asked = client.query_databases("SELECT * FROM r WHERE r.id = @id", parameters=parameters)
    assert [found["id"] async for found in asked] == [database.id]


async def test_a_dropped_database_takes_its_items_along(
    client: CosmosClient, database: DatabaseProxy, new_container: NewContainer
) -> None:
    other = await client.create_database(f"{database.id}-other")
    container = await other.create_container("items", PartitionKey("/pk"))
    await container.create_item({"id": "1", "pk": "a"})
    await client.delete_database(other.id)
    with pytest.raises(CosmosResourceNotFoundError):
        await other.read()
    again = await client.create_database(other.id)
    with pytest.raises(CosmosResourceNotFoundError):
        await again.get_container_client("items").read()
    await client.delete_database(again.id)


async def test_an_unknown_database_is_not_found(client: CosmosClient) -> None:
    with pytest.raises(CosmosResourceNotFoundError):
        await client.delete_database("nothing-of-that-name")
