"""From the bytes of a log to a line, whatever they are. Pure.

The host writes JSON; other parts write text, often with a time and a level before it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from sys import intern
from typing import Any

import orjson

from local.board.log.line import EPOCH, LEVELS, Line

LONGEST = 64 * 1024
LONGEST_VALUE = 8 * 1024
LONGEST_NAME = 200
LARGEST_NUMBER = 1e15
CUT = " … (cut)"
MICROSECOND = timedelta(microseconds=1)
HEAD = re.compile(
    r"^(?P<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"[\s\[]*(?P<level>DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL)?\b"
)
SAME = {"WARN": "WARNING", "FATAL": "CRITICAL", "TRACE": "DEBUG"}


@dataclass(frozen=True)
class Before:
    """What a line without a time or a level of its own takes over."""

    at_us: int
    level: str = "INFO"


def parsed(part: str, raw: bytes, before: Before) -> Line:
    """A line without its id. Never raises."""
    if raw.startswith(b"{"):
        try:
            fields = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return _of_text(part, raw, before)
        return _of_fields(part, raw, fields, before)
    return _of_text(part, raw, before)


def _of_fields(part: str, raw: bytes, fields: dict[str, Any], before: Before) -> Line:
    kept = raw if len(raw) <= LONGEST else orjson.dumps(_shortened(fields))
    return Line(
        id=0,
        at_us=_microseconds(str(fields.get("time", "")), before.at_us),
        part=part,
        level=_level(str(fields.get("level", ""))) or "INFO",
        raw=kept,
        is_json=True,
        logger=_name(fields, "logger"),
        event=_name(fields, "event"),
        function=_name(fields, "function"),
        correlation_id=_name(fields, "correlation_id"),
        trace_id=_name(fields, "trace_id"),
        invocation_id=_name(fields, "invocation_id"),
        duration_ms=number(fields.get("duration_ms")),
    )


def _of_text(part: str, raw: bytes, before: Before) -> Line:
    text = raw[:LONGEST].decode("utf-8", "replace") + (CUT if len(raw) > LONGEST else "")
    head = HEAD.match(text)
    at_us, level = before.at_us, ""
    if head is not None:
        at_us = _microseconds(head["time"] or "", before.at_us)
        level = _level(head["level"] or "")
    if not level and text.startswith("Traceback "):
        level = "ERROR"
    if not level and text[:1].isspace():  # it goes on with the line before
        level = before.level
    return Line(id=0, at_us=at_us, part=part, level=level or "INFO", raw=text.encode())


def _microseconds(text: str, otherwise: int) -> int:
    try:
        moment = datetime.fromisoformat(text.replace(",", "."))
    except ValueError:
        return otherwise
    if moment.tzinfo is None:
        moment = moment.astimezone()  # the standard library writes the machine's own time
    try:
        return (moment.astimezone(UTC) - EPOCH) // MICROSECOND
    except OverflowError:
        return otherwise


def _level(text: str) -> str:
    name = text.upper()
    name = SAME.get(name, name)
    return name if name in LEVELS else ""


def number(found: Any) -> float | None:
    """JSON has numbers that no clock measures; those and other things are None."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found) if abs(found) < LARGEST_NUMBER else None


def _name(fields: dict[str, Any], key: str) -> str:
    """Few names, said often: each is kept once."""
    value = fields.get(key)
    return intern(value[:LONGEST_NAME]) if isinstance(value, str) else ""


def _shortened(fields: dict[str, Any]) -> dict[str, Any]:
    """The same line with long values cut, and without the last ones where there are too many."""
    short: dict[str, Any] = {}
    room = LONGEST
    for key, value in fields.items():
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        room -= len(key) + min(len(text), LONGEST_VALUE)
        if room < 0:
            break
        short[key] = value if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + CUT
    return short
