"""Unique keys: one holder of the same values in each partition."""

import pytest
from azure.cosmos.aio import ContainerProxy
from azure.cosmos.exceptions import CosmosBatchOperationError

from tests.contract.cosmos.asking import refused
from tests.contract.cosmos.conftest import NewContainer


@pytest.fixture
async def unique(new_container: NewContainer) -> ContainerProxy:
    policy = {"uniqueKeys": [{"paths": ["/email"]}, {"paths": ["/first", "/address/city"]}]}
    return await new_container("unique", unique_key_policy=policy)


def person(number: int, email: str, **more: object) -> dict[str, object]:
    return {"id": str(number), "pk": "a", "email": email, "first": number, **more}


async def test_values_are_held_once_in_a_partition(unique: ContainerProxy) -> None:
    await unique.create_item(person(1, "e"))
    with refused(409, "nique"):
        await unique.create_item(person(2, "e"))
    await unique.create_item({**person(2, "e"), "pk": "b"})


async def test_several_paths_count_together(unique: ContainerProxy) -> None:
    await unique.create_item(person(1, "e1", first="x", address={"city": "Bonn"}))
    await unique.create_item(person(2, "e2", first="x", address={"city": "Ulm"}))
    with refused(409):
        await unique.create_item(person(3, "e3", first="x", address={"city": "Ulm"}))


async def test_a_change_may_not_take_what_another_holds(unique: ContainerProxy) -> None:
    await unique.create_item(person(1, "e1"))
    await unique.create_item(person(2, "e2"))
    with refused(409):
        await unique.replace_item("2", person(2, "e1"))
    with refused(409):
        await unique.patch_item("2", "a", [{"op": "set", "path": "/email", "value": "e1"}])
    assert (await unique.read_item("2", "a"))["email"] == "e2"
    await unique.replace_item("2", person(2, "e2", note="kept"))


async def test_given_up_values_are_free(unique: ContainerProxy) -> None:
    await unique.create_item(person(1, "e1"))
    await unique.replace_item("1", person(1, "e2"))
    await unique.create_item(person(2, "e1"))
    await unique.delete_item("1", "a")
    await unique.create_item(person(3, "e2"))


async def test_a_failed_batch_holds_nothing(unique: ContainerProxy) -> None:
    await unique.create_item(person(1, "e1"))
    with pytest.raises(CosmosBatchOperationError):
        await unique.execute_item_batch(
            [("create", (person(2, "e2"),)), ("create", (person(3, "e1"),))], "a"
        )
    await unique.create_item(person(4, "e2"))
