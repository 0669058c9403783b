"""Short ways to ask a container, and to say which refusal is expected."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from azure.cosmos.aio import ContainerProxy
from azure.cosmos.exceptions import CosmosHttpResponseError

Document = dict[str, Any]


@contextmanager
def refused(
    status: int, words: str = ""
) -> Iterator[pytest.ExceptionInfo[CosmosHttpResponseError]]:
    """The block ends in this refusal, and the message holds `words`."""
    with pytest.raises(CosmosHttpResponseError) as caught:
        yield caught
    assert caught.value.status_code == status, caught.value.message
    assert words in str(caught.value.message)


async def rows(container: ContainerProxy, query: str, **options: Any) -> list[Any]:
    """All rows; parameters are given as `parameters={"@name": value}`."""
    parameters = options.pop("parameters", {})
    options["parameters"] = [{"name": name, "value": value} for name, value in parameters.items()]
    return [row async for row in container.query_items(query, **options)]


async def pages(
    container: ContainerProxy, query: str, token: str | None = None, **options: Any
) -> list[list[Any]]:
    found = container.query_items(query, **options).by_page(token)
    return [[row async for row in page] async for page in found]


async def first_page(
    container: ContainerProxy, query: str, token: str | None = None, **options: Any
) -> tuple[list[Any], str | None]:
    """One page and the token to go on with."""
    found = container.query_items(query, **options).by_page(token)
    page = [row async for row in await anext(found)]
    # The SDK's page iterator has the token; its declared type does not.
    continuation: str | None = getattr(found, "continuation_token", None)
    return page, continuation


def ids(documents: list[Document]) -> list[str]:
    return [document["id"] for document in documents]
