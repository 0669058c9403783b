"""Asks the other parts over HTTP; one that is down or hangs is known within two seconds."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson

from local.board.answers import PartDown, Refused
from local.board.surroundings import Surroundings

PATIENCE_S = 2.0
LARGEST_ANSWER = 64 * 1024 * 1024


class Upstream:
    """The parts that have pages for machines: host, servicebus_admin, communication."""

    def __init__(self, surroundings: Surroundings, session: aiohttp.ClientSession) -> None:
        self._around = surroundings
        self._session = session

    async def get(self, part: str, path: str, query: Mapping[str, str] | None = None) -> Any:
        """The JSON of its answer. Raises PartDown, or Refused with what the part says."""
        return await self._ask("GET", part, path, query, None)

    async def post(self, part: str, path: str, body: Any) -> Any:
        """As `get`."""
        return await self._ask("POST", part, path, None, body)

    async def _ask(
        self, method: str, part: str, path: str, query: Mapping[str, str] | None, body: Any
    ) -> Any:
        base = self._around.url(part)
        if not base:
            raise PartDown(part, f"Nobody told the board where `{part}` is.")
        headers = {"x-functions-key": self._around.master_key} if part == "host" else {}
        try:
            async with self._session.request(
                method,
                base + path,
                params=query,
                headers=headers,
                json=body,
                timeout=aiohttp.ClientTimeout(total=PATIENCE_S),
                allow_redirects=False,
            ) as response:
                return await _read(part, response)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise PartDown(part, f"`{part}` gives no answer ({type(error).__name__}).") from error


def objects(part: str, told: Any, *needs: str, under: str = "") -> list[dict[str, Any]]:
    """The objects of a list, or of the one `under` a name, that have what it `needs`.

    Raises PartDown for an answer of another shape.
    """
    found = told
    if under:
        found = told.get(under) if isinstance(told, dict) else None
    if not isinstance(found, list):
        raise PartDown(part, f"`{part}` answers what the board does not understand.")
    return [each for each in found if isinstance(each, dict) and each.keys() >= set(needs)]


@asynccontextmanager
async def connected(surroundings: Surroundings) -> AsyncIterator[Upstream]:
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(), json_serialize=lambda body: orjson.dumps(body).decode()
    ) as session:
        yield Upstream(surroundings, session)


async def _read(part: str, response: aiohttp.ClientResponse) -> Any:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise ValueError("it never ends")
    if response.status >= 500:
        raise PartDown(part, f"`{part}` answers {response.status}.")
    found = _json(bytes(content))
    if response.status >= 400:
        said = found.get("error") if isinstance(found, dict) else None
        raise Refused(response.status, str(said or f"`{part}` answers {response.status}."))
    return found


def _json(content: bytes) -> Any:
    try:
        return orjson.loads(content) if content.strip() else None
    except orjson.JSONDecodeError:
        return None
