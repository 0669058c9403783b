"""Requests that no SDK sends: each is refused in words, and none is answered with a 500."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import formatdate
from urllib.parse import quote

import aiohttp
import pytest

from local.cosmos.server import serve

pytestmark = pytest.mark.usefixtures("own_service")

LINK = "dbs/d/colls/c"
IN_A = {"x-ms-documentdb-partitionkey": '["a"]'}
BATCH = {**IN_A, "x-ms-cosmos-is-batch-request": "True"}
QUERY = {**IN_A, "x-ms-documentdb-isquery": "true"}
FEED = {"a-im": "Incremental Feed"}
DEEP = b"[" * 500 + b"]" * 500
Ask = Callable[..., Awaitable[int]]


def _signed(key: str, method: str, kind: str, link: str) -> dict[str, str]:
    date = formatdate(usegmt=True)
    payload = f"{method.lower()}\n{kind}\n{link}\n{date.lower()}\n\n".encode()
    digest = hmac.new(base64.b64decode(key), payload, hashlib.sha256).digest()
    signature = base64.b64encode(digest).decode()
    authorization = quote(f"type=master&ver=1.0&sig={signature}", safe="")
    return {"authorization": authorization, "x-ms-date": date}


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    """Sends a signed request to a feed and tells its status."""
    async with serve() as serving, aiohttp.ClientSession() as session:

        async def send(
            kind: str, link: str, data: bytes, method: str = "POST", **headers: str
        ) -> int:
            # What a link leads to is asked by itself; a feed has its kind behind its owner's link.
            owner_parts = link.count("/") % 2 == 1 and link.split("/")[-2] == kind
            feed = f"{link}/{kind}" if link else kind
            path = f"{serving.url}/{link if owner_parts else feed}"
            signed = _signed(serving.key, method, kind, link)
            async with session.request(
                method, path, data=data, headers={**signed, **headers}
            ) as answer:
                if answer.status >= 400 and method != "HEAD":
                    assert json.loads(await answer.read())["message"]
                return answer.status

        assert await send("dbs", "", b'{"id": "d"}') == 201
        made = await send("colls", "dbs/d", b'{"id": "c", "partitionKey": {"paths": ["/pk"]}}')
        assert made == 201
        yield send


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (IN_A, b""),
        (IN_A, b"{"),
        (IN_A, b"[]"),
        (IN_A, b'{"id": "1", "pk": "a", "n": NaN}'),
        (IN_A, b"\xff"),
        ({}, b'{"id": "1", "pk": "a"}'),
        ({"x-ms-documentdb-partitionkey": "{}"}, b'{"id": "1", "pk": "a"}'),
        ({"x-ms-documentdb-partitionkey": "x"}, b'{"id": "1", "pk": "a"}'),
        ({"x-ms-documentdb-partitionkey": '["a", "b"]'}, b'{"id": "1", "pk": "a"}'),
        ({"x-ms-documentdb-partitionkey": '[["a"]]'}, b'{"id": "1", "pk": "a"}'),
        ({"x-ms-documentdb-partitionkey": '["b"]'}, b'{"id": "1", "pk": "a"}'),
        ({**IN_A, "x-ms-cosmos-intended-collection-rid": "other"}, b'{"id": "1", "pk": "a"}'),
        (BATCH, b"[]"),
        (BATCH, b"{}"),
        (BATCH, b"[5]"),
        (QUERY, b"{}"),
        (QUERY, b'{"query": 5}'),
        (
            QUERY,
            b'{"query": "SELECT VALUE @p", "parameters": [{"name": "@p", "value": %s}]}' % DEEP,
        ),
        (IN_A, b'{"id": "1", "pk": "a", "n": %s}' % DEEP),
        (QUERY, b'{"query": "SELECT * FROM c", "parameters": [5]}'),
        ({**QUERY, "x-ms-max-item-count": "x"}, b'{"query": "SELECT * FROM c"}'),
        (
            {"x-ms-documentdb-isquery": "true"},
            b'{"query": "SELECT * FROM c"}',
        ),
    ],
)
async def test_what_a_container_refuses(ask: Ask, headers: dict[str, str], body: bytes) -> None:
    assert await ask("docs", LINK, body, **headers) == 400


@pytest.mark.parametrize(
    "operation",
    [
        {},
        {"operationType": "Read"},
        {"operationType": "Create", "resourceBody": 5},
        {"operationType": "Patch", "id": "1", "resourceBody": {"operations": [5]}},
    ],
)
async def test_operations_that_are_none_fail_their_batch(
    ask: Ask, operation: dict[str, object]
) -> None:
    assert await ask("docs", LINK, b'{"id": "1", "pk": "a"}', **IN_A) == 201
    assert await ask("docs", LINK, json.dumps([operation]).encode(), **BATCH) == 207


@pytest.mark.parametrize("condition", ["if-none-match", "if-modified-since"])
async def test_a_change_feed_from_nowhere(ask: Ask, condition: str) -> None:
    assert await ask("docs", LINK, b"", "GET", **FEED, **{condition: "nowhere"}) == 400


@pytest.mark.parametrize(
    "definition",
    [
        b'{"id": "x"}',
        b'{"id": "x", "partitionKey": {"paths": [5]}}',
        b'{"id": "x", "partitionKey": {"paths": ["/a"], "kind": "Range"}}',
        b'{"id": "x", "partitionKey": {"paths": ["/a"]}, "uniqueKeyPolicy": 5}',
        b'{"id": "x", "partitionKey": {"paths": ["/a"]}, "uniqueKeyPolicy": {"uniqueKeys": [{}]}}',
    ],
)
async def test_definitions_that_are_none(ask: Ask, definition: bytes) -> None:
    assert await ask("colls", "dbs/d", definition) == 400


@pytest.mark.parametrize(("method", "body"), [("PUT", b"{}"), ("DELETE", b"")])
async def test_a_container_changes_on_its_current_version_only(
    ask: Ask, method: str, body: bytes
) -> None:
    stale = {"if-match": '"old"'}
    assert await ask("colls", LINK, body, method, **stale) == 412
    assert await ask("colls", LINK, b"", "GET", **{"if-none-match": '"old"'}) == 200
    assert await ask("colls", LINK, b"", "GET", **{"if-none-match": "*"}) == 304


async def test_a_database_is_dropped_on_its_current_version_only(ask: Ask) -> None:
    assert await ask("dbs", "dbs/d", b"", "DELETE", **{"if-match": '"old"'}) == 412
    assert await ask("dbs", "dbs/d", b"", "DELETE", **{"if-match": "*"}) == 204


async def test_methods_that_mean_nothing(ask: Ask) -> None:
    assert await ask("docs", LINK, b"", "PUT") == 405
    assert await ask("colls", "dbs/d", b"", "DELETE") == 405
    assert await ask("conflicts", LINK, b"{}") == 404
