"""Partial updates: six operations, conditions, and what may not be touched."""

import json
from typing import Any

import pytest
from azure.cosmos.aio import ContainerProxy

from tests.contract.cosmos.asking import refused

START = {"id": "1", "pk": "a", "n": 1, "list": [1, 2], "nested": {"k": 1}, "gone": 1}


@pytest.fixture
async def patched(container: ContainerProxy) -> ContainerProxy:
    await container.create_item(START)
    return container


@pytest.mark.parametrize(
    ("operation", "path", "becomes"),
    [
        ({"op": "set", "path": "/nested/k", "value": 2}, "nested", {"k": 2}),
        ({"op": "set", "path": "/new", "value": {"a": [1]}}, "new", {"a": [1]}),
        ({"op": "set", "path": "/list/0", "value": 9}, "list", [9, 2]),
        ({"op": "add", "path": "/nested/new", "value": None}, "nested", {"k": 1, "new": None}),
        ({"op": "add", "path": "/list/-", "value": 3}, "list", [1, 2, 3]),
        ({"op": "add", "path": "/list/1", "value": 9}, "list", [1, 9, 2]),
        ({"op": "replace", "path": "/list/1", "value": 9}, "list", [1, 9]),
        ({"op": "incr", "path": "/n", "value": 4}, "n", 5),
        ({"op": "incr", "path": "/n", "value": -0.5}, "n", 0.5),
        ({"op": "incr", "path": "/fresh", "value": 3}, "fresh", 3),
        ({"op": "remove", "path": "/list/0"}, "list", [2]),
        ({"op": "move", "from": "/n", "path": "/moved"}, "moved", 1),
    ],
)
async def test_operations(
    patched: ContainerProxy, operation: dict[str, Any], path: str, becomes: object
) -> None:
    answered = await patched.patch_item("1", "a", [operation])
    assert answered[path] == becomes
    assert (await patched.read_item("1", "a"))[path] == becomes


async def test_removed_and_moved_values_are_gone(patched: ContainerProxy) -> None:
    operations = [{"op": "remove", "path": "/gone"}, {"op": "move", "from": "/n", "path": "/m"}]
    answered = await patched.patch_item("1", "a", operations)
    assert not {"gone", "n"} & answered.keys()


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "/missing", "value": 1},
        {"op": "remove", "path": "/missing"},
        {"op": "add", "path": "/missing/child", "value": 1},
        {"op": "add", "path": "/list/9", "value": 1},
        {"op": "set", "path": "/n/child", "value": 1},
        {"op": "incr", "path": "/list", "value": 1},
        {"op": "incr", "path": "/n", "value": "1"},
        {"op": "set", "path": "/n", "value": json.loads("[" * 200 + "]" * 200)},
        {"op": "move", "from": "/missing", "path": "/m"},
        {"op": "move", "from": "/nested", "path": "/nested/k"},
        {"op": "set", "path": "/id", "value": "2"},
        {"op": "set", "path": "/_ts", "value": 1},
        {"op": "set", "path": "/pk", "value": "b"},
        {"op": "remove", "path": "/pk"},
        {"op": "turn", "path": "/n", "value": 1},
        {"op": "set", "path": "n", "value": 1},
    ],
)
async def test_impossible_operations_change_nothing(
    patched: ContainerProxy, operation: dict[str, Any]
) -> None:
    before = dict(await patched.read_item("1", "a"))
    with refused(400):
        await patched.patch_item("1", "a", [{"op": "set", "path": "/n", "value": 7}, operation])
    assert dict(await patched.read_item("1", "a")) == before


async def test_a_condition_that_holds(patched: ContainerProxy) -> None:
    await patched.patch_item(
        "1", "a", [{"op": "set", "path": "/x", "value": 1}], filter_predicate="from c where c.n = 1"
    )
    assert (await patched.read_item("1", "a"))["x"] == 1


@pytest.mark.parametrize("condition", ["from c where c.n = 2", "from c where c.missing = 1"])
async def test_a_condition_that_does_not(patched: ContainerProxy, condition: str) -> None:
    with refused(412):
        await patched.patch_item(
            "1", "a", [{"op": "set", "path": "/x", "value": 1}], filter_predicate=condition
        )
    assert "x" not in await patched.read_item("1", "a")


async def test_a_condition_that_is_none(patched: ContainerProxy) -> None:
    with refused(400, "yntax"):
        await patched.patch_item(
            "1",
            "a",
            [{"op": "set", "path": "/x", "value": 1}],
            filter_predicate="from c where c.n =",
        )


async def test_at_most_ten_operations(patched: ContainerProxy) -> None:
    operations = [{"op": "incr", "path": "/n", "value": 1} for _ in range(10)]
    assert (await patched.patch_item("1", "a", operations))["n"] == 11
    with refused(400, "10"):
        await patched.patch_item("1", "a", [*operations, operations[0]])


async def test_a_missing_item_is_not_patched(container: ContainerProxy) -> None:
    with refused(404):
        await container.patch_item("1", "a", [{"op": "set", "path": "/n", "value": 1}])
