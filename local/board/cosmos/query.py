"""A query as somebody typed it: checked, bounded, and where its next page begins. Pure."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from local.board.answers import Refused

MOST_ITEMS = 200
LONGEST_QUERY = 16 * 1024
FURTHEST = 10_000
NOT_IN_NAMES = frozenset("/\\?#")
# Across partitions the SDK puts such results together itself, and its continuation tokens then
# point behind what it has fetched, not behind what it has given: those pages are counted instead.
MERGED = re.compile(
    r"\b(ORDER\s+BY|GROUP\s+BY|DISTINCT|TOP|OFFSET|COUNT|SUM|AVG|MIN|MAX)\b", re.IGNORECASE
)
TEXT = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")


@dataclass(frozen=True)
class Cursor:
    """The service's token, or how many items were given already."""

    token: str | None = None
    given: int = 0

    def text(self) -> str:
        document = orjson.dumps({"token": self.token, "given": self.given})
        return base64.urlsafe_b64encode(document).decode().rstrip("=")


@dataclass(frozen=True)
class Query:
    """`partition_key` None asks all partitions; a list shorter than the paths is a prefix."""

    container: str
    text: str
    parameters: list[dict[str, object]] = field(default_factory=list)
    partition_key: list[Any] | None = None
    cursor: Cursor = Cursor()
    limit: int = 50
    database: str = ""

    @property
    def is_counted(self) -> bool:
        """Whether its pages are told apart by counting."""
        return self.partition_key is None and bool(MERGED.search(TEXT.sub("''", self.text)))


def query(body: Mapping[str, Any]) -> Query:
    """Raises Refused, naming what is wrong."""
    text = _text(body, "query")
    if len(text) > LONGEST_QUERY:
        raise Refused(400, f"A query has at most {LONGEST_QUERY} characters here.")
    limit = body.get("limit")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool)):
        raise Refused(400, "`limit` is a whole number.")
    return Query(
        container=_name(_text(body, "container")),
        text=text,
        parameters=_parameters(body.get("parameters")),
        partition_key=_partition_key(body.get("partition_key")),
        cursor=_cursor(body.get("cursor")),
        limit=max(1, min(limit or 50, MOST_ITEMS)),
        database=_name(str(body.get("database") or "")),
    )


def _text(body: Mapping[str, Any], name: str) -> str:
    found = body.get(name)
    if not isinstance(found, str) or not found.strip():
        raise Refused(400, f"`{name}` is missing.")
    return found.strip()


def _name(name: str) -> str:
    """It becomes a part of an address, which it must not lead elsewhere."""
    if NOT_IN_NAMES & set(name):
        raise Refused(404, "No container or database has such a name.")
    return name


def _parameters(found: Any) -> list[dict[str, object]]:
    if found is None:
        return []
    if not isinstance(found, list):
        raise Refused(400, "`parameters` is a list.")
    for each in found:
        if not isinstance(each, dict) or not str(each.get("name", "")).startswith("@"):
            raise Refused(400, 'A parameter is {"name": "@...", "value": ...}.')
    return [{"name": each["name"], "value": each.get("value")} for each in found]


def _partition_key(found: Any) -> list[Any] | None:
    if found is None or found == []:
        return None
    values = found if isinstance(found, list) else [found]
    if not all(value is None or isinstance(value, str | int | float) for value in values):
        raise Refused(400, "A partition key is made of texts, numbers, true, false and null.")
    return values


def _cursor(found: Any) -> Cursor:
    if not found:
        return Cursor()
    try:
        padded = str(found) + "=" * (-len(str(found)) % 4)
        document = orjson.loads(base64.urlsafe_b64decode(padded))
        token, given = document["token"], int(document["given"])
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise Refused(400, "This is no cursor of ours.") from error
    if not 0 <= given <= FURTHEST or not (token is None or isinstance(token, str)):
        raise Refused(400, "This is no cursor of ours.")
    return Cursor(token, given)
