"""A tenant's geofences in memory: when they are read again."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.geofencing import wiring
from functions.geofencing.domain.geofence import FenceSet
from functions.geofencing.repository import MOST_TENANTS, CachedFences
from shared.platform.clients import container
from shared.platform.clock import now as real_now
from shared.records.cosmos import CosmosDocuments
from tests.geofencing.asking import create

pytestmark = pytest.mark.usefixtures("records")


class Watch:
    """A clock to be moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 20, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def another_instance(watch: Watch) -> CachedFences:
    stamps = CosmosDocuments(container("geofencing"), FenceSet, real_now)
    return CachedFences(wiring.all_geofences(), stamps, watch)


async def test_another_instance_learns_of_a_geofence_within_seconds(tenant: str) -> None:
    watch = Watch()
    elsewhere = another_instance(watch)
    assert list(await elsewhere.of(tenant)) == []
    made = await create(tenant)

    watch.time += timedelta(seconds=5)
    assert list(await elsewhere.of(tenant)) == []
    watch.time += timedelta(seconds=1)
    assert [fence.id for fence in await elsewhere.of(tenant)] == [made.json["id"]]


async def test_the_tree_is_kept_as_long_as_nothing_changes(tenant: str) -> None:
    watch = Watch()
    elsewhere = another_instance(watch)
    await create(tenant)
    tree = await elsewhere.of(tenant)
    watch.time += timedelta(hours=1)

    assert await elsewhere.of(tenant) is tree
    elsewhere.forget(tenant)
    assert await elsewhere.of(tenant) is not tree


async def test_the_tenants_longest_unasked_are_forgotten(tenant: str) -> None:
    elsewhere = another_instance(Watch())
    tree = await elsewhere.of(tenant)
    for number in range(MOST_TENANTS - 1):
        await elsewhere.of(f"{tenant}-{number}")
    assert await elsewhere.of(tenant) is tree

    for number in range(MOST_TENANTS):
        await elsewhere.of(f"{tenant}-more-{number}")
    assert await elsewhere.of(tenant) is not tree
