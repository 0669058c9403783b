"""ETags: a change on an old version is refused, an unchanged version is not sent again."""

import pytest
from azure.core import MatchConditions
from azure.cosmos.aio import ContainerProxy
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
