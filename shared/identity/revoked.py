"""The revocations of a container, from its change feed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared.identity.revocations import LIVES_S, Revocation, read
from shared.platform.clock import Clock

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy


class RevocationFeed:
    """Follows one container over all its partitions, with one request where nothing happened."""

    def __init__(self, container: "ContainerProxy", now: Clock) -> None:
        self._container = container
        self._now = now

    async def since(self, mark: str | None) -> tuple[list[Revocation], str]:
        """What was revoked after `mark`, or lately, and the next mark."""
        told: dict[str, str] = {}

        def keep(headers: Mapping[str, Any], _body: object) -> None:
            told["etag"] = headers["etag"]

        if mark is None:
            start = self._now() - timedelta(seconds=LIVES_S)
            items = self._container.query_items_change_feed(start_time=start, response_hook=keep)
        else:
            items = self._container.query_items_change_feed(continuation=mark, response_hook=keep)
        found: list[Mapping[str, Any]] = [item async for item in items]
        return read(found), told.get("etag", mark or "")
