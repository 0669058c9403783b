"""Keys of two levels: whole keys, prefixes, and the walls between tenants."""

from azure.cosmos.aio import ContainerProxy

from tests.contract.cosmos.asking import first_page, ids, refused, rows
from tests.contract.cosmos.conftest import TENANT_KEY, NewContainer


async def filled(tenants: ContainerProxy) -> ContainerProxy:
    for tenant, key, number in (("t", "a", 1), ("t", "b", 2), ("t", "b", 3), ("u", "a", 4)):
        await tenants.create_item(
            {"id": str(number), "tenant_id": tenant, "key": key, "n": number, "kind": "x"}
        )
    return tenants


async def test_a_whole_key_finds_one_partition(tenants: ContainerProxy) -> None:
    await filled(tenants)
    assert (await tenants.read_item("1", ["t", "a"]))["n"] == 1
    assert ids(await rows(tenants, "SELECT * FROM c", partition_key=["u", "a"])) == ["4"]
    with refused(404):
        await tenants.read_item("1", ["u", "a"])


async def test_a_prefix_finds_one_tenant(tenants: ContainerProxy) -> None:
    await filled(tenants)
    found = await rows(tenants, "SELECT * FROM c WHERE c.kind = 'x'", partition_key=["t"])
    assert sorted(ids(found)) == ["1", "2", "3"]
    assert await rows(tenants, "SELECT * FROM c", partition_key=["nobody"]) == []


async def test_a_prefix_orders_and_counts(tenants: ContainerProxy) -> None:
    await filled(tenants)
    query = "SELECT VALUE c.n FROM c ORDER BY c.n DESC"
    assert await rows(tenants, query, partition_key=["t"]) == [3, 2, 1]
    assert await rows(tenants, "SELECT VALUE COUNT(1) FROM c", partition_key=["t"]) == [3]


async def test_a_prefix_goes_on_after_a_page(tenants: ContainerProxy) -> None:
    await filled(tenants)
    query = "SELECT VALUE c.n FROM c ORDER BY c.n"
    first, token = await first_page(tenants, query, partition_key=["t"], max_item_count=2)
    rest, end = await first_page(tenants, query, token, partition_key=["t"], max_item_count=2)
    assert (first, rest, end) == ([1, 2], [3], None)


async def test_numbers_and_missing_parts_are_keys_too(new_container: NewContainer) -> None:
    container = await new_container("mixed", TENANT_KEY)
    await container.create_item({"id": "1", "tenant_id": 5, "key": True})
    await container.create_item({"id": "2", "tenant_id": 5.5, "key": None})
    await container.create_item({"id": "3", "tenant_id": "t" * 100, "key": "é" * 40})
    assert ids(await rows(container, "SELECT * FROM c", partition_key=[5])) == ["1"]
    assert ids(await rows(container, "SELECT * FROM c", partition_key=[5.5])) == ["2"]
    assert ids(await rows(container, "SELECT * FROM c", partition_key=["t" * 100])) == ["3"]
    assert (await container.read_item("2", [5.5, None]))["id"] == "2"
