"""Pages: their sizes, and tokens that neither repeat nor leave out a row while others write."""

import pytest
from azure.cosmos.aio import ContainerProxy

from tests.contract.cosmos.asking import first_page, pages, refused, rows


async def fill(container: ContainerProxy, numbers: range) -> None:
    operations = [
        ("create", ({"id": f"{n:03}", "pk": "a", "n": n, "half": n // 2, "tags": ["x", "y"]},))
        for n in numbers
    ]
    await container.execute_item_batch(operations, "a")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT VALUE c.n FROM c",
        "SELECT VALUE c.n FROM c ORDER BY c.n",
        "SELECT VALUE c.n FROM c ORDER BY c.n DESC",
        "SELECT VALUE c.n FROM c ORDER BY c.half",
        "SELECT VALUE c.n FROM c ORDER BY c.missing",
    ],
)
async def test_pages_hold_every_row_once(container: ContainerProxy, query: str) -> None:
    await fill(container, range(10))
    found = await pages(container, query, partition_key="a", max_item_count=4)
    assert [len(page) for page in found] == [4, 4, 2]
    assert sorted(row for page in found for row in page) == list(range(10))


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_rows_added_between_pages_shift_nothing(
    container: ContainerProxy, direction: str
) -> None:
    await fill(container, range(10, 20))
    query = f"SELECT VALUE c.n FROM c ORDER BY c.n {direction}"
    first, token = await first_page(container, query, partition_key="a", max_item_count=4)
    await fill(container, range(5))
    await fill(container, range(30, 35))
    await container.delete_item("015", "a")
    rest = await pages(container, query, token, partition_key="a", max_item_count=100)
    later = (
        [*range(16, 20), *range(30, 35)]
        if direction == "ASC"
        else [*range(14, 9, -1), *range(4, -1, -1)]
    )
    before = list(range(10, 14)) if direction == "ASC" else list(range(19, 15, -1))
    assert first == before
    assert rest == [[14, *later] if direction == "ASC" else later]


async def test_rows_added_between_pages_shift_nothing_without_an_order(
    container: ContainerProxy,
) -> None:
    await fill(container, range(10, 20))
    query = "SELECT VALUE c.n FROM c"
    first, token = await first_page(container, query, partition_key="a", max_item_count=4)
    await fill(container, range(3))
    rest = await pages(container, query, token, partition_key="a")
    assert sorted(set(first) | {n for page in rest for n in page}) >= list(range(10, 20))
    assert not set(first) & {n for page in rest for n in page}


async def test_a_page_may_end_inside_a_document(container: ContainerProxy) -> None:
    await fill(container, range(3))
    query = "SELECT VALUE CONCAT(c.id, t) FROM c JOIN t IN c.tags"
    found = await pages(container, query, partition_key="a", max_item_count=3)
    assert [len(page) for page in found] == [3, 3]
    assert len({row for page in found for row in page}) == 6


async def test_windows_and_groups_go_on_too(container: ContainerProxy) -> None:
    await fill(container, range(20))
    for query, count in {
        "SELECT TOP 7 VALUE c.n FROM c": 7,
        "SELECT VALUE c.n FROM c OFFSET 5 LIMIT 8": 8,
        "SELECT VALUE c.n FROM c ORDER BY c.n DESC OFFSET 15 LIMIT 50": 5,
        "SELECT DISTINCT VALUE c.half FROM c": 10,
        "SELECT DISTINCT VALUE c.half FROM c ORDER BY c.half": 10,
        "SELECT VALUE c.half FROM c GROUP BY c.half": 10,
    }.items():
        found = await pages(container, query, partition_key="a", max_item_count=3)
        values = [row for page in found for row in page]
        assert len(values) == len(set(values)) == count, query


async def test_tokens_across_partitions(container: ContainerProxy) -> None:
    for number in range(10):
        await container.create_item({"id": str(number), "pk": f"p{number}", "n": number})
    query = "SELECT VALUE c.n FROM c"
    first, token = await first_page(container, query, max_item_count=4)
    rest = await pages(container, query, token, max_item_count=4)
    assert [len(first), *map(len, rest)] == [4, 4, 2]
    assert sorted([*first, *(row for page in rest for row in page)]) == list(range(10))


async def test_pages_of_an_order_across_partitions(container: ContainerProxy) -> None:
    for number in range(10):
        await container.create_item({"id": str(number), "pk": f"p{number}", "n": number})
    found = await pages(container, "SELECT VALUE c.n FROM c ORDER BY c.n", max_item_count=4)
    assert [row for page in found for row in page] == list(range(10))


async def test_an_invented_token_is_refused(container: ContainerProxy) -> None:
    await fill(container, range(3))
    for token in ("nonsense", "e30=", "W10="):
        with refused(400):
            await pages(container, "SELECT * FROM c", token, partition_key="a")


async def test_nothing_has_no_token(container: ContainerProxy) -> None:
    assert await rows(container, "SELECT * FROM c", partition_key="a") == []
    await fill(container, range(4))
    found, token = await first_page(
        container, "SELECT * FROM c", partition_key="a", max_item_count=4
    )
    assert (len(found), token) == (4, None)
