"""The board's answers: JSON that nobody keeps, and refusals of one sentence each."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from aiohttp import web

NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Refused(Exception):
    """The caller is told why, in one sentence, and what helps."""

    def __init__(self, status: int, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.remedy = remedy


class PartDown(Refused):
    """A part of the local Azure gave no answer. The other panels go on."""

    def __init__(self, part: str, sentence: str, remedy: str = "") -> None:
        super().__init__(503, sentence, remedy or f"Look at the log of `{part}`.")
        self.part = part


def answer(body: object, status: int = 200) -> web.Response:
    return web.Response(
        body=orjson.dumps(body, default=str, option=orjson.OPT_NON_STR_KEYS),
        status=status,
        content_type="application/json",
        headers=NO_STORE,
    )


def refusal(refused: Refused) -> web.Response:
    body: dict[str, object] = {"error": str(refused)}
    if refused.remedy:
        body["remedy"] = refused.remedy
    if isinstance(refused, PartDown):
        body["down"] = refused.part
    return answer(body, refused.status)


def rfc3339(moment: datetime | None) -> str | None:
    """In UTC with milliseconds, `2026-11-20T14:19:39.645Z`."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def of_ms(milliseconds: Any) -> str | None:
    """Of milliseconds since 1970; None for what is no time."""
    if not isinstance(milliseconds, int | float) or isinstance(milliseconds, bool):
        return None
    try:
        return rfc3339(datetime.fromtimestamp(milliseconds / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def of_text(moment: Any) -> str | None:
    """Of RFC 3339 in any zone; None for what is no time."""
    try:
        return rfc3339(datetime.fromisoformat(moment))
    except (ValueError, TypeError, OverflowError):
        return None


def number(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    """A number of the query between 1 and `most`. Raises Refused."""
    try:
        asked = int(query.get(name) or default)
    except ValueError as error:
        raise Refused(400, f"`{name}` is a whole number.") from error
    return max(1, min(asked, most))


async def body_of(request: web.Request) -> dict[str, Any]:
    """The JSON object that was sent. Raises Refused."""
    try:
        found = orjson.loads(await request.read() or b"{}")
    except orjson.JSONDecodeError as error:
        raise Refused(400, f"The body is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise Refused(400, "The body is a JSON object.")
    return found
