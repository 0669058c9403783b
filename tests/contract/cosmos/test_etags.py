"""ETags: a change on an old version is refused, an unchanged version is not sent again."""

from typing import Any

import pytest
from azure.core import MatchConditions
from azure.cosmos import PartitionKey
from azure.cosmos.aio import ContainerProxy, DatabaseProxy
from azure.cosmos.exceptions import CosmosAccessConditionFailedError

IF_SAME = MatchConditions.IfNotModified


async def test_every_change_has_a_new_etag(container: ContainerProxy) -> None:
    created = await container.create_item({"id": "1", "pk": "a"})
    replaced = await container.replace_item("1", {"id": "1", "pk": "a"})
    assert created["_etag"] != replaced["_etag"]


async def test_a_change_on_the_current_version_is_made(container: ContainerProxy) -> None:
    item = await container.create_item({"id": "1", "pk": "a", "n": 1})
    etag = item["_etag"]
    for number in (2, 3):
        changed = await container.replace_item(
            "1", {"id": "1", "pk": "a", "n": number}, etag=etag, match_condition=IF_SAME
        )
        etag = changed["_etag"]
    await container.delete_item("1", "a", etag=etag, match_condition=IF_SAME)


async def test_a_change_on_an_old_version_is_refused(container: ContainerProxy) -> None:
    old = (await container.create_item({"id": "1", "pk": "a", "n": 1}))["_etag"]
    await container.replace_item("1", {"id": "1", "pk": "a", "n": 2})
    with pytest.raises(CosmosAccessConditionFailedError):
        await container.replace_item(
            "1", {"id": "1", "pk": "a", "n": 3}, etag=old, match_condition=IF_SAME
        )
    with pytest.raises(CosmosAccessConditionFailedError):
        await container.upsert_item(
            {"id": "1", "pk": "a", "n": 3}, etag=old, match_condition=IF_SAME
        )
    with pytest.raises(CosmosAccessConditionFailedError):
        await container.delete_item("1", "a", etag=old, match_condition=IF_SAME)
    with pytest.raises(CosmosAccessConditionFailedError):
        await container.patch_item(
            "1",
            "a",
            [{"op": "set", "path": "/n", "value": 3}],
            etag=old,
            match_condition=IF_SAME,
        )
    assert (await container.read_item("1", "a"))["n"] == 2


def etag_of(answered: Any) -> str:
    headers = {name.lower(): value for name, value in answered.get_response_headers().items()}
    etag: str = headers["etag"]
    return etag


async def test_every_answer_about_an_item_names_its_etag(container: ContainerProxy) -> None:
    document = {"id": "1", "pk": "a"}
    for answered in (
        await container.create_item(document),
        await container.read_item("1", "a"),
        await container.upsert_item(document),
        await container.replace_item("1", document),
        await container.patch_item("1", "a", [{"op": "set", "path": "/n", "value": 1}]),
    ):
        assert etag_of(answered) == answered["_etag"]
    assert len(etag_of(await container.upsert_item(document, no_response=True))) > 2
    listed = [item["_etag"] async for item in container.read_all_items()]
    assert listed == [(await container.read_item("1", "a"))["_etag"]]


async def test_databases_and_containers_have_etags_too(
    database: DatabaseProxy, container: ContainerProxy
) -> None:
    for resource in (await database.read(), await container.read()):
        assert etag_of(resource) == resource["_etag"]
    old = (await container.read())["_etag"]
    await database.replace_container(container.id, PartitionKey("/pk"), default_ttl=5)
    assert (await container.read())["_etag"] != old


async def test_an_unchanged_version_is_not_sent_again(container: ContainerProxy) -> None:
    item = await container.create_item({"id": "1", "pk": "a"})
    again = await container.read_item(
        "1", "a", etag=item["_etag"], match_condition=MatchConditions.IfModified
    )
    assert dict(again) == {}
    await container.replace_item("1", {"id": "1", "pk": "a", "n": 1})
    changed = await container.read_item(
        "1", "a", etag=item["_etag"], match_condition=MatchConditions.IfModified
    )
    assert changed["n"] == 1
