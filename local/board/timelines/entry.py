"""One thing that happened in a timeline, and in which order things are shown. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from local.board.answers import rfc3339

Kind = Literal[
    "request", "event", "job", "timer", "change", "audit", "log", "sent", "dead-letter", "waiting"
]
RANKS = ("request", "timer", "change", "audit", "event", "job", "log", "sent")
LONGEST_TEXT = 8 * 1024
MOST_ITEMS = 200
CUT = " … (cut)"


@dataclass
class Entry:
    """`parent` is the id of what caused it, as far as that can be told."""

    id: str
    at: datetime
    kind: Kind
    title: str
    capability: str | None = None
    function: str | None = None
    duration_ms: float | None = None
    outcome: str | None = None
    status: int | None = None
    failed: bool = False
    detail: dict[str, Any] = field(default_factory=dict)
    parent: str | None = None
    uncertain: timedelta = timedelta(0)  # how much later than `at` it may have been

    @property
    def ended(self) -> datetime:
        return self.at + timedelta(milliseconds=self.duration_ms or 0)

    @property
    def order(self) -> tuple[datetime, int, str]:
        rank = RANKS.index(self.kind) if self.kind in RANKS else len(RANKS)
        return self.at, rank, self.id


def arranged(entries: Iterable[Entry]) -> Iterator[tuple[Entry, int]]:
    """Each under its cause, with its depth; what has the same cause in the order of time."""
    known = {entry.id: entry for entry in entries}
    below: dict[str | None, list[Entry]] = {}
    for entry in known.values():
        cause = entry.parent if entry.parent in known and entry.parent != entry.id else None
        below.setdefault(cause, []).append(entry)
    waiting = [(entry, 0) for entry in _latest_first(below.pop(None, []))]
    while waiting or below:
        if not waiting:  # causes in a ring: it is opened where it began
            waiting.append((_taken_out(below), 0))
        entry, depth = waiting.pop()
        yield entry, depth
        waiting += [(each, depth + 1) for each in _latest_first(below.pop(entry.id, []))]


def _taken_out(below: dict[str | None, list[Entry]]) -> Entry:
    """The earliest of those that are left, which then has no cause any more."""
    first = min((each for ring in below.values() for each in ring), key=_order)
    below[first.parent].remove(first)
    if not below[first.parent]:
        del below[first.parent]
    return first


def view(entry: Entry, depth: int) -> dict[str, Any]:
    return {
        "id": entry.id,
        "parent": entry.parent,
        "at": rfc3339(entry.at),
        "kind": entry.kind,
        "title": entry.title,
        "capability": entry.capability,
        "function": entry.function,
        "duration_ms": entry.duration_ms,
        "outcome": entry.outcome,
        "status": entry.status,
        "failed": entry.failed,
        "detail": bounded(entry.detail),
        "depth": depth,
    }


def bounded(found: Any, deeper: int = 12) -> Any:
    """The same, without what would drown the page: long texts and lists, and endless depth."""
    if isinstance(found, str):
        return found if len(found) <= LONGEST_TEXT else found[:LONGEST_TEXT] + CUT
    if not isinstance(found, Mapping | list | tuple):
        return found
    if deeper == 0:
        return CUT.strip()
    if isinstance(found, Mapping):
        some = list(found.items())[:MOST_ITEMS]
        return {str(name): bounded(value, deeper - 1) for name, value in some}
    return [bounded(each, deeper - 1) for each in found[:MOST_ITEMS]]


def _order(entry: Entry) -> tuple[datetime, int, str]:
    return entry.order


def _latest_first(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=_order, reverse=True)
