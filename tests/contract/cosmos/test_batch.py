"""Transactional batches: six kinds of operation in one partition, all or nothing."""

from copy import deepcopy
from typing import Any

import pytest
from azure.cosmos.aio import ContainerProxy
from azure.cosmos.exceptions import CosmosBatchOperationError

from tests.contract.cosmos.asking import ids, refused, rows

KEY = ["t", "k"]


def item(identifier: str, **more: Any) -> dict[str, Any]:
    return {"id": identifier, "tenant_id": "t", "key": "k", **more}


async def failing(container: ContainerProxy, operations: list[Any]) -> CosmosBatchOperationError:
    with pytest.raises(CosmosBatchOperationError) as caught:
        await container.execute_item_batch(operations, KEY)
    return caught.value


def statuses(error: CosmosBatchOperationError) -> list[int]:
    return [answer["statusCode"] for answer in error.operation_responses]


async def test_six_kinds_of_operation(tenants: ContainerProxy) -> None:
    for identifier in ("kept", "gone"):
        await tenants.create_item(item(identifier, n=0))
    answers = await tenants.execute_item_batch(
        [
            ("create", (item("new", n=1),)),
            ("upsert", (item("upserted"),)),
            ("read", ("kept",)),
            ("replace", ("kept", item("kept", n=5))),
            ("delete", ("gone",)),
            ("patch", ("kept", [{"op": "incr", "path": "/n", "value": 1}])),
        ],
        KEY,
    )
    assert [answer["statusCode"] for answer in answers] == [201, 201, 200, 200, 204, 200]
    assert answers[5]["resourceBody"]["n"] == 6
    assert answers[5]["eTag"] == (await tenants.read_item("kept", KEY))["_etag"]
    found = await rows(tenants, "SELECT * FROM c", partition_key=KEY)
    assert sorted(ids(found)) == ["kept", "new", "upserted"]


async def test_one_failure_undoes_all(tenants: ContainerProxy) -> None:
    await tenants.create_item(item("there", n=1))
    error = await failing(
        tenants,
        [
            ("create", (item("new"),)),
            ("patch", ("there", [{"op": "incr", "path": "/n", "value": 1}])),
            ("create", (item("there"),)),
            ("delete", ("there",)),
        ],
    )
    assert error.error_index == 2
    assert statuses(error) == [424, 424, 409, 424]
    assert [row["n"] for row in await rows(tenants, "SELECT * FROM c", partition_key=KEY)] == [1]


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        (("replace", ("there", item("there")), {"if_match_etag": '"old"'}), 412),
        (("upsert", (item("there"),), {"if_match_etag": '"old"'}), 412),
        (("delete", ("there",), {"if_match_etag": '"old"'}), 412),
        (
            (
                "patch",
                ("there", [{"op": "set", "path": "/x", "value": 1}]),
                {"if_match_etag": '"o"'},
            ),
            412,
        ),
        (
            (
                "patch",
                ("there", [{"op": "set", "path": "/x", "value": 1}]),
                {"filter_predicate": "from c where c.n = 2"},
            ),
            412,
        ),
        (("read", ("missing",)), 404),
        (("replace", ("missing", item("missing"))), 404),
        (("delete", ("missing",)), 404),
        (("patch", ("missing", [{"op": "set", "path": "/x", "value": 1}])), 404),
        (("create", ({"id": "x", "tenant_id": "other", "key": "k"},)), 400),
        (("create", (item("x", ttl=0),)), 400),
    ],
)
async def test_each_failure_has_its_own_status(
    tenants: ContainerProxy, operation: Any, status: int
) -> None:
    await tenants.create_item(item("there", n=1))
    # A copy: clients take the options out of what they are given.
    error = await failing(tenants, [("create", (item("new"),)), deepcopy(operation)])
    assert statuses(error) == [424, status]
    with refused(404):
        await tenants.read_item("new", KEY)


async def test_a_change_on_the_current_version(tenants: ContainerProxy) -> None:
    etag = (await tenants.create_item(item("there")))["_etag"]
    answers = await tenants.execute_item_batch(
        [("replace", ("there", item("there", n=1)), {"if_match_etag": etag})], KEY
    )
    assert answers[0]["statusCode"] == 200


async def test_at_most_a_hundred_operations(tenants: ContainerProxy) -> None:
    operations: list[Any] = [("create", (item(str(number)),)) for number in range(101)]
    await tenants.execute_item_batch(operations[:100], KEY)
    with refused(400):
        await tenants.execute_item_batch([("upsert", each[1]) for each in operations], KEY)


# aiohttp warns of any body above 1 MB; this one has to be.
@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_at_most_two_megabytes(tenants: ContainerProxy) -> None:
    with refused(413):
        await tenants.execute_item_batch(
            [("create", (item(str(number), text="x" * 1_100_000),)) for number in range(2)], KEY
        )
    assert await rows(tenants, "SELECT * FROM c", partition_key=KEY) == []
