"""One line of a part's log: when it was said, what it belongs to, how people read it.

The app's host writes JSON, the other parts text that begins with a time; a line without one
belongs to the line before it, as a stack does.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from local.supervision.terminal import painted

TIME = re.compile(r"^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)?) +")
LEVEL = re.compile(r"^(DEBUG|INFO|WARNING|ERROR|CRITICAL)\b")
COLOURS = {"WARNING": "yellow", "ERROR": "red", "CRITICAL": "red"}
SHOWN_APART = {"time", "level", "logger", "event", "message", "stack", "trace_id", "invocation_id"}
RUNS = {"invocation", "invocation.started"}
SHOWN_WITH_RUNS = SHOWN_APART | {"function", "trigger", "duration_ms", "outcome"}


@dataclass(frozen=True)
class Line:
    """`at` is None where neither the line nor one before it says when."""

    part: str
    at: datetime | None
    raw: str
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def invocation(self) -> str:
        return str(self.fields.get("invocation_id") or "")

    @property
    def when(self) -> datetime:
        """To sort by."""
        return self.at or datetime.min.replace(tzinfo=UTC)


def read(part: str, raw: str, before: datetime | None) -> Line:
    """`before`: when the line before it was said."""
    if raw.startswith("{"):
        fields = _fields(raw)
        if fields:
            return Line(part, moment(str(fields.get("time", ""))) or before, raw, fields)
    found = TIME.match(raw)
    at = moment(found[1]) if found else None
    return Line(part, at or before, raw)


def moment(text: str) -> datetime | None:
    """In UTC; a time without a zone is this machine's."""
    try:
        return datetime.fromisoformat(text.replace(",", ".")).astimezone(UTC)
    except ValueError:
        return None


def shown(line: Line, *, colours: bool = False, zone: tzinfo | None = None) -> str:
    """For people: the time of day in their zone, what happened, and its particulars."""
    level = str(line.fields.get("level") or "")
    if line.fields:
        text = _told(line.fields)
    else:
        text = TIME.sub("", line.raw)
        found = LEVEL.match(text)
        level = found[1] if found else ""
    clock = line.at.astimezone(zone).strftime("%H:%M:%S.%f")[:-3] if line.at else " " * 12
    colour = COLOURS.get(level)
    return f"{painted(clock, 'dim', on=colours)} {_painted(text, colour, on=colours)}"


def _painted(text: str, colour: str | None, *, on: bool) -> str:
    return painted(text, colour, on=on) if colour else text


def _told(fields: dict[str, Any]) -> str:
    level, event = fields.get("level"), fields.get("event")
    said_whole = event in RUNS and fields.get("message")  # as Azure's host says it
    head = [] if level in {None, "INFO"} else [str(level)]
    names = ("message",) if said_whole else ("event", "message")
    head += [str(fields[name]) for name in names if fields.get(name)]
    more = [
        f"{name}={value}"
        for name, value in fields.items()
        if name not in (SHOWN_WITH_RUNS if said_whole else SHOWN_APART) and value not in (None, "")
    ]
    stack = fields.get("stack")
    indented = "".join(f"\n    {each}" for each in str(stack).splitlines()) if stack else ""
    return " ".join([*head, *more]) + indented


def _fields(raw: str) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class About:
    """Lines of one correlation id: those that name it, and the rest of their invocations."""

    def __init__(self, correlation_id: str) -> None:
        self._id = correlation_id
        self._invocations: set[str] = set()

    def learn(self, line: Line) -> None:
        """Which invocation belongs to it."""
        if line.invocation and self._id in line.raw:
            self._invocations.add(line.invocation)

    def concerns(self, line: Line) -> bool:
        self.learn(line)
        return self._id in line.raw or line.invocation in self._invocations
