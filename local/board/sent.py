"""E-mails and SMS that the recorder took, each tied to what it was sent for where that is known."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from aiohttp import web

from local.board import keys
from local.board.answers import Refused, answer, number, of_text
from local.board.cosmos.account import Account, told
from local.board.upstream import objects

PART = "communication"
MOST_SENT = 1000
PREVIEW = 200
NOTIFICATIONS = "notifications"
# An e-mail has the id of its delivery; the provider's id of an SMS is in the delivery's trail.
TIED = (
    "SELECT c.entry.document_id AS delivery, c.entry.changes.provider_id[1] AS provider, "
    "c.entry.correlation_id AS correlation_id FROM c WHERE c.kind = 'audit' AND "
    "(ARRAY_CONTAINS(@ids, c.entry.document_id) "
    "OR ARRAY_CONTAINS(@ids, c.entry.changes.provider_id[1]))"
)


async def sent(request: web.Request) -> web.Response:
    query = request.query
    limit = number(query, "limit", 100, MOST_SENT)
    found = await recorded(request.app, query.get("channel", ""), query.get("to", ""), limit)
    tied = await _tied(request.app[keys.COSMOS], [str(each.get("id")) for each in found])
    base = request.app[keys.SURROUNDINGS].url(PART)
    return answer({"items": [shown(each, base, tied.get(str(each.get("id")))) for each in found]})


async def recorded(
    app: web.Application, channel: str = "", to: str = "", limit: int = MOST_SENT
) -> list[dict[str, Any]]:
    """Newest first. Raises PartDown."""
    query = {"channel": channel, "to": to, "limit": str(limit)}
    told = await app[keys.UPSTREAM].get(PART, "/_local/messages", query)
    return objects(PART, told, "id", under="items")


def shown(message: Mapping[str, Any], base: str, correlation_id: str | None) -> dict[str, Any]:
    text = str(message.get("text") or "")
    return {
        "seq": message.get("seq"),
        "id": message.get("id"),
        "at": of_text(message.get("at")),
        "channel": message.get("channel"),
        "to": [_address(each) for each in message.get("to") or []],
        "from": message.get("from"),
        "subject": message.get("subject") or None,
        "preview": " ".join(text[: PREVIEW * 4].split())[:PREVIEW],
        "url": address(base, message),
        "correlation_id": correlation_id,
    }


def address(base: str, message: Mapping[str, Any]) -> str:
    """Where the recorder shows it to people."""
    return f"{base}/messages/{quote(str(message.get('id')), safe='')}"


def _address(found: Any) -> str:
    if not isinstance(found, dict):
        return str(found)
    name, address = str(found.get("name") or ""), str(found.get("address") or "")
    return f"{name} <{address}>" if name and name != address else address


async def _tied(account: Account, ids: list[str]) -> dict[str, str]:
    """The correlation ids by message. Without Cosmos DB nothing is tied."""
    if not ids:
        return {}
    tied: dict[str, str] = {}
    parameters: list[dict[str, object]] = [{"name": "@ids", "value": ids}]
    try:
        async with told():
            items: Any = account.container(NOTIFICATIONS).query_items(TIED, parameters=parameters)
            async for item in items:
                for name in ("delivery", "provider"):
                    if item.get(name):
                        tied.setdefault(str(item[name]), str(item["correlation_id"]))
    except Refused:
        return tied
    return tied


ROUTES = [web.get("/api/sent", sent)]
