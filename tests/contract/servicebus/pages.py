"""The broker's local page, as its own tools call it."""

from collections.abc import Sequence
from typing import Any

import httpx


class Page:
    """`url` is the page's address without the path."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/_local"

    async def get(self, path: str, **query: Any) -> dict[str, Any]:
        async with httpx.AsyncClient() as http:
            answer = await http.get(f"{self.url}/{path}", params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def post(self, path: str, order: object) -> httpx.Response:
        async with httpx.AsyncClient() as http:
            return await http.post(f"{self.url}/{path}", json=order)

    async def resubmit(self, entity: str, numbers: Sequence[int] | None = None) -> int:
        answer = await self.post("resubmit", {"entity": entity, "sequence_numbers": numbers})
        return int(answer.json()["resubmitted"])

    async def purge(
        self, entity: str, numbers: Sequence[int] | None = None, *, dead: bool = False
    ) -> int:
        order = {"entity": entity, "dead": dead, "sequence_numbers": numbers}
        return int((await self.post("purge", order)).json()["purged"])

    async def messages(self, entity: str, *, dead: bool = False) -> list[dict[str, Any]]:
        found = await self.get("messages", entity=entity, dead=int(dead))
        messages: list[dict[str, Any]] = found["messages"]
        return messages

    async def entity(self, name: str) -> dict[str, Any]:
        entities = (await self.get("entities"))["entities"]
        (found,) = [entity for entity in entities if entity["name"] == name]
        assert isinstance(found, dict)
        return found
