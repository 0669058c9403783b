"""The limits of size and shape, at their very edge."""

import json
from typing import Any

import aiohttp
import pytest
from azure.cosmos.aio import ContainerProxy

from local.cosmos.errors import Refusal
from local.cosmos.identifiers import checked_id
from tests.contract.cosmos.asking import refused
from tests.contract.cosmos.endpoint import Endpoint

TWO_MEGABYTES = 2 * 1024 * 1024
# aiohttp warns of any body above 1 MB; these have to be.
large = pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")


def sized(total: int) -> dict[str, Any]:
    empty = {"id": "1", "pk": "a", "text": ""}
    overhead = len(json.dumps(empty, separators=(",", ":")))
    return {**empty, "text": "x" * (total - overhead)}


@large
async def test_an_item_has_at_most_two_megabytes(container: ContainerProxy) -> None:
    await container.create_item(sized(TWO_MEGABYTES))
    assert len((await container.read_item("1", "a"))["text"]) > 2_000_000
    with refused(413):
        await container.upsert_item(sized(TWO_MEGABYTES + 1))
    with refused(413):
        await container.patch_item("1", "a", [{"op": "add", "path": "/more", "value": "x" * 100}])


def nested(levels: int) -> dict[str, Any]:
    value: Any = 1
    for level in range(levels - 1):
        value = [value] if level % 2 else {"x": value}
    return {"id": "1", "pk": "a", "deep": value}


async def test_an_item_has_at_most_128_levels(container: ContainerProxy) -> None:
    await container.create_item(nested(128))
    with refused(400, "nested"):
        await container.upsert_item(nested(129))
    with refused(400, "nested"):
        await container.upsert_item(nested(900))
    many = {"id": "1", "pk": "a", "list": [[[n]] for n in range(300)]}
    assert len((await container.upsert_item(many))["list"]) == 300


@pytest.mark.parametrize(
    "identifier", ["a/b", "a\\b", "a?b", "a#b", "x" * 1024, "", "end ", None, 5]
)
def test_ids_that_are_refused(identifier: object) -> None:
    with pytest.raises(Refusal) as caught:
        checked_id({"id": identifier})
    assert caught.value.status == 400


async def test_an_id_that_is_too_long_is_refused(container: ContainerProxy) -> None:
    with refused(400):
        await container.create_item({"id": "é" * 512, "pk": "a"})


async def test_a_document_belongs_where_the_request_says(container: ContainerProxy) -> None:
    await container.create_item({"id": "1", "pk": "a"})
    with refused(400):
        await container.replace_item("1", {"id": "2", "pk": "a"})
    with refused(404):
        await container.replace_item("1", {"id": "1", "pk": "b"})


@pytest.mark.parametrize("key", [{"a": 1}, ["a"], "x" * 2049])
async def test_a_partition_key_is_a_short_plain_value(
    container: ContainerProxy, key: object
) -> None:
    with refused(400):
        await container.create_item({"id": "1", "pk": key})


async def test_what_is_not_served_is_said_so(local_endpoint: Endpoint) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/_local/nothing", "/_local/health"):
            async with session.post(f"{local_endpoint.url}{path}", json={}) as answer:
                assert answer.status in (404, 405)
        async with session.post(f"{local_endpoint.url}/_local/faults", data=b"{") as answer:
            assert answer.status == 400
        async with session.post(
            f"{local_endpoint.url}/_local/clock", json={"advance_s": -1}
        ) as answer:
            assert answer.status == 400
