"""Containers: definitions are kept, defaults filled in, what is fixed stays fixed."""

from azure.cosmos import PartitionKey
from azure.cosmos.aio import ContainerProxy, DatabaseProxy

from tests.contract.cosmos.asking import ids, refused
from tests.contract.cosmos.conftest import TENANT_KEY, NewContainer

COMPOSITE = {
    "indexingMode": "consistent",
    "automatic": True,
    "includedPaths": [{"path": "/*"}],
    "excludedPaths": [{"path": '/"_etag"/?'}],
    "compositeIndexes": [
        [{"path": "/a", "order": "ascending"}, {"path": "/b", "order": "descending"}]
    ],
}


async def test_a_definition_is_read_back(new_container: NewContainer) -> None:
    unique = {"uniqueKeys": [{"paths": ["/email"]}]}
    container = await new_container(
        "all", TENANT_KEY, default_ttl=60, unique_key_policy=unique, indexing_policy=COMPOSITE
    )
    properties = await container.read()
    assert properties["partitionKey"]["paths"] == ["/tenant_id", "/key"]
    assert properties["partitionKey"]["kind"] == "MultiHash"
    assert properties["defaultTtl"] == 60
    assert properties["uniqueKeyPolicy"]["uniqueKeys"][0]["paths"] == ["/email"]
    assert properties["indexingPolicy"]["compositeIndexes"][0][1]["order"] == "descending"


async def test_a_container_without_an_indexing_policy_indexes_everything(
    container: ContainerProxy,
) -> None:
    policy = (await container.read())["indexingPolicy"]
    assert policy["indexingMode"] == "consistent"
    assert {"path": "/*"} in policy["includedPaths"]


async def test_a_name_is_taken_once_in_a_database(
    database: DatabaseProxy, container: ContainerProxy
) -> None:
    with refused(409):
        await database.create_container(container.id, PartitionKey("/pk"))
    await database.create_container_if_not_exists(container.id, PartitionKey("/pk"))
    assert ids([found async for found in database.list_containers()]) == [container.id]


async def test_containers_are_queried(database: DatabaseProxy, new_container: NewContainer) -> None:
    await new_container("one")
    await new_container("two")
    found = [row async for row in database.query_containers("SELECT * FROM r WHERE r.id = 'two'")]
    assert ids(found) == ["two"]


async def test_a_replaced_definition_counts(
    database: DatabaseProxy, container: ContainerProxy
) -> None:
    await database.replace_container(container.id, PartitionKey("/pk"), default_ttl=-1)
    assert (await container.read())["defaultTtl"] == -1


async def test_the_partition_key_is_fixed(
    database: DatabaseProxy, container: ContainerProxy
) -> None:
    with refused(400, "partition key"):
        await database.replace_container(container.id, PartitionKey("/other"))


async def test_definitions_that_cannot_be_served_are_refused(database: DatabaseProxy) -> None:
    with refused(400):
        await database.create_container("four", PartitionKey(["/a", "/b", "/c", "/d"]))
    with refused(400):
        await database.create_container("slashless", PartitionKey("pk"))
    with refused(400, "ttl"):
        await database.create_container("ttl", PartitionKey("/pk"), default_ttl=0)


async def test_a_deleted_container_is_gone(
    database: DatabaseProxy, container: ContainerProxy
) -> None:
    await container.create_item({"id": "1", "pk": "a"})
    await database.delete_container(container.id)
    with refused(404):
        await container.read()


async def test_a_container_of_the_same_name_starts_empty_and_serves_who_knew_the_old_one(
    database: DatabaseProxy, container: ContainerProxy
) -> None:
    await container.create_item({"id": "1", "pk": "a"})
    await database.delete_container(container.id)
    await database.create_container(container.id, PartitionKey("/pk"))
    with refused(404):
        await container.read_item("1", "a")
    await container.create_item({"id": "1", "pk": "a", "new": True})
    assert (await container.read_item("1", "a"))["new"]


async def test_throughput_is_kept_and_changed(new_container: NewContainer) -> None:
    container = await new_container("fast", offer_throughput=400)
    assert (await container.get_throughput()).offer_throughput == 400
    await container.replace_throughput(500)
    assert (await container.get_throughput()).offer_throughput == 500
