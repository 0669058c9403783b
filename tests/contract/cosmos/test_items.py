"""Single items: created, read, replaced, upserted, deleted, each in its own partition."""

import pytest
from azure.cosmos.aio import ContainerProxy
from azure.cosmos.partition_key import NonePartitionKeyValue, NullPartitionKeyValue

from tests.contract.cosmos.asking import ids, refused, rows


async def test_a_created_item_carries_the_system_properties(container: ContainerProxy) -> None:
    item = await container.create_item({"id": "1", "pk": "a", "nested": {"k": [1, None, "ü"]}})
    assert item["nested"] == {"k": [1, None, "ü"]}
    assert {"_rid", "_self", "_etag", "_ts", "_attachments"} <= item.keys()
    assert dict(await container.read_item("1", "a")) == dict(item)


async def test_an_id_is_taken_once_in_its_partition(container: ContainerProxy) -> None:
    await container.create_item({"id": "1", "pk": "a"})
    with refused(409):
        await container.create_item({"id": "1", "pk": "a"})
    await container.create_item({"id": "1", "pk": "b"})
    assert len(await rows(container, "SELECT * FROM c")) == 2


async def test_what_is_not_there_is_not_found(container: ContainerProxy) -> None:
    await container.create_item({"id": "1", "pk": "a"})
    with refused(404):
        await container.read_item("2", "a")
    with refused(404):
        await container.read_item("1", "b")
    with refused(404):
        await container.replace_item("2", {"id": "2", "pk": "a"})
    with refused(404):
        await container.delete_item("2", "a")


async def test_an_upsert_inserts_and_then_replaces(container: ContainerProxy) -> None:
    first = await container.upsert_item({"id": "1", "pk": "a", "n": 1, "gone": True})
    second = await container.upsert_item({"id": "1", "pk": "a", "n": 2})
    assert first["_rid"] == second["_rid"]
    assert first["_etag"] != second["_etag"]
    read = await container.read_item("1", "a")
    assert read["n"] == 2
    assert "gone" not in read


async def test_a_deleted_id_is_free_again(container: ContainerProxy) -> None:
    await container.create_item({"id": "1", "pk": "a", "n": 1})
    await container.delete_item("1", "a")
    with refused(404):
        await container.delete_item("1", "a")
    await container.create_item({"id": "1", "pk": "a", "n": 2})
    assert (await container.read_item("1", "a"))["n"] == 2


async def test_the_service_makes_up_an_id_where_asked(container: ContainerProxy) -> None:
    item = await container.create_item({"pk": "a"}, enable_automatic_id_generation=True)
    assert (await container.read_item(item["id"], "a"))["id"] == item["id"]


@pytest.mark.parametrize(
    "identifier", ["a b&é@x.com", "50%", "中文", "a+b=c;d", "'quoted\"", "x" * 1023]
)
async def test_ids_may_hold_almost_anything(container: ContainerProxy, identifier: str) -> None:
    await container.create_item({"id": identifier, "pk": "a"})
    assert (await container.read_item(identifier, "a"))["id"] == identifier
    await container.replace_item(identifier, {"id": identifier, "pk": "a", "n": 1})
    await container.delete_item(identifier, "a")


@pytest.mark.parametrize("key", ["", "a/b", "ключ", 5, 2.5, -1, True, False, None])
async def test_partition_keys_of_every_type(container: ContainerProxy, key: object) -> None:
    await container.create_item({"id": "1", "pk": key})
    await container.create_item({"id": "1", "pk": "another"})
    assert (await container.read_item("1", key))["pk"] == key  # type: ignore[arg-type]  # all of them
    # A query with None has no key at all; null has a sign of its own there.
    asked = NullPartitionKeyValue if key is None else key
    assert ids(await rows(container, "SELECT * FROM c", partition_key=asked)) == ["1"]


async def test_an_item_may_lack_its_partition_key(container: ContainerProxy) -> None:
    await container.create_item({"id": "1"})
    await container.create_item({"id": "1", "pk": None})
    found = await container.read_item("1", NonePartitionKeyValue)
    assert "pk" not in found
    await container.replace_item("1", {"id": "1", "n": 1})
    asked = await rows(container, "SELECT * FROM c", partition_key=NonePartitionKeyValue)
    assert [item["n"] for item in asked] == [1]


async def test_a_response_can_be_left_out(container: ContainerProxy) -> None:
    assert not await container.upsert_item({"id": "1", "pk": "a"}, no_response=True)
    assert await container.read_item("1", "a")


async def test_answers_tell_their_charge_session_and_version(container: ContainerProxy) -> None:
    await container.create_item({"id": "1", "pk": "a"})
    item = await container.read_item("1", "a")
    headers = {name.lower(): value for name, value in item.get_response_headers().items()}
    assert float(headers["x-ms-request-charge"]) > 0
    assert headers["x-ms-session-token"].startswith("0:")
    assert headers["etag"] == item["_etag"]


async def test_a_whole_partition_is_deleted(container: ContainerProxy) -> None:
    for number in range(3):
        await container.create_item({"id": str(number), "pk": "a"})
    await container.create_item({"id": "kept", "pk": "b"})
    await container.delete_all_items_by_partition_key("a")
    assert ids(await rows(container, "SELECT * FROM c")) == ["kept"]


async def test_many_are_read_at_once(container: ContainerProxy) -> None:
    for number in range(12):
        await container.create_item({"id": str(number), "pk": f"p{number % 3}"})
    wanted = [(str(number), f"p{number % 3}") for number in range(12)]
    found = await container.read_items([*wanted, ("missing", "p1")])
    assert sorted(ids(found), key=int) == [str(number) for number in range(12)]
