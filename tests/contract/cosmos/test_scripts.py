"""JavaScript in the database: stored procedures, triggers and functions are refused by name."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from azure.cosmos.aio import ContainerProxy

from tests.contract.cosmos.asking import refused, rows
from tests.contract.cosmos.endpoint import Endpoint

BODY = {"id": "s", "body": "function () {}"}
TRIGGER = {**BODY, "triggerType": "Pre", "triggerOperation": "All"}

pytestmark = pytest.mark.usefixtures("ours")


@pytest.fixture
def ours(local_endpoint: Endpoint) -> None:
    """The service itself runs scripts."""


async def _listed(found: Any) -> None:
    [script async for script in found]


CALLS: dict[str, Callable[[Any], Awaitable[Any]]] = {
    "create_stored_procedure": lambda scripts: scripts.create_stored_procedure(BODY),
    "replace_stored_procedure": lambda scripts: scripts.replace_stored_procedure("s", BODY),
    "get_stored_procedure": lambda scripts: scripts.get_stored_procedure("s"),
    "delete_stored_procedure": lambda scripts: scripts.delete_stored_procedure("s"),
    "execute_stored_procedure": lambda scripts: scripts.execute_stored_procedure(
        "s", partition_key="a"
    ),
    "list_stored_procedures": lambda scripts: _listed(scripts.list_stored_procedures()),
    "create_trigger": lambda scripts: scripts.create_trigger(TRIGGER),
    "get_trigger": lambda scripts: scripts.get_trigger("s"),
    "create_user_defined_function": lambda scripts: scripts.create_user_defined_function(BODY),
    "get_user_defined_function": lambda scripts: scripts.get_user_defined_function("s"),
}


@pytest.mark.parametrize("call", CALLS)
async def test_scripts_are_refused_in_clear_words(container: ContainerProxy, call: str) -> None:
    with refused(400, "not supported by the local endpoint"):
        await CALLS[call](container.scripts)


async def test_no_trigger_runs_beside_a_write(container: ContainerProxy) -> None:
    with refused(400, "Triggers are not supported"):
        await container.create_item({"id": "1", "pk": "a"}, pre_trigger_include="s")
    with refused(400, "Triggers are not supported"):
        await container.upsert_item({"id": "1", "pk": "a"}, post_trigger_include="s")
    with refused(404):
        await container.read_item("1", "a")


@pytest.mark.parametrize("where", ["VALUE udf.twice(c.n) FROM c", "* FROM c WHERE UDF.f(1, 2)"])
async def test_no_function_runs_in_a_query(container: ContainerProxy, where: str) -> None:
    with refused(400, "user defined function"):
        await rows(container, f"SELECT {where}", partition_key="a")


async def test_udf_is_a_name_like_others(container: ContainerProxy) -> None:
    await container.create_item({"id": "1", "pk": "a", "udf": {"x": 1}})
    assert await rows(container, "SELECT VALUE udf.udf.x FROM udf", partition_key="a") == [1]


async def test_searches_are_refused_in_clear_words(container: ContainerProxy) -> None:
    with refused(400, "full-text or vector search"):
        await rows(container, "SELECT * FROM c WHERE FullTextContains(c.s, 'x')", partition_key="a")
