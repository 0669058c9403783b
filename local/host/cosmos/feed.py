"""One page of a container's change feed, and where the next page begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure.cosmos.aio import ContainerProxy


@dataclass(frozen=True)
class Page:
    """Documents in the order of their change; none when there is nothing new."""

    documents: list[dict[str, Any]]
    continuation: str


async def next_page(
    container: ContainerProxy, continuation: str | None, *, from_beginning: bool, size: int
) -> Page:
    """The changes after `continuation`; without one, from the beginning or from now on."""
    headers: Mapping[str, Any] = {}

    def remember(given: Mapping[str, Any], _: object) -> None:
        # The SDK writes its own continuation into this mapping after it has called us.
        nonlocal headers
        headers = given

    start: dict[str, Any] = {"start_time": "Beginning" if from_beginning else "Now"}
    if continuation:
        start = {"continuation": continuation}
    pages = container.query_items_change_feed(
        max_item_count=size, response_hook=remember, **start
    ).by_page()
    async for page in pages:
        documents = [document async for document in page]
        return Page(documents, str(headers["etag"]))
    return Page([], str(headers["etag"]))
