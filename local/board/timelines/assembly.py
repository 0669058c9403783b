"""One timeline of runs, records and messages, each under what caused it. Pure.

A handler's run is caused by the message that it handled, which names itself in both. What a run
changed and told lies in its capability's container, and within its time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from local.board.answers import rfc3339
from local.board.functions.described import Function
from local.board.timelines import runs as running
from local.board.timelines.entry import Entry, arranged, view
from local.board.timelines.runs import Run

MOST_ENTRIES = 1000
CLOSE = timedelta(milliseconds=2)  # times are cut to milliseconds in one place or another
NEAR = timedelta(milliseconds=250)


@dataclass
class Found:
    """All that is known of one correlation id. `missing` are the parts that gave no answer."""

    runs: Sequence[Run] = ()
    audits: list[Entry] = field(default_factory=list)
    told: list[Entry] = field(default_factory=list)
    held: list[Entry] = field(default_factory=list)
    sent: list[tuple[Entry, Entry]] = field(default_factory=list)  # with the audit that names it
    missing: set[str] = field(default_factory=set)


def timeline(
    correlation_id: str, found: Found, functions: Mapping[str, Function]
) -> dict[str, Any] | None:
    """As `/api/timelines/{id}` answers; None when nothing is known."""
    entries = _caused(found, functions)
    if not entries:
        return None
    began, ended = span(entries)
    shown = [view(entry, depth) for entry, depth in arranged(entries)]
    return {
        "correlation_id": correlation_id,
        "began_at": rfc3339(began),
        "duration_ms": round((ended - began).total_seconds() * 1000, 2),
        "failed": any(entry.failed for entry in entries),
        "entries": shown[:MOST_ENTRIES],
        "truncated": len(shown) > MOST_ENTRIES,
        "missing": sorted(found.missing),
    }


def span(entries: Iterable[Entry]) -> tuple[datetime, datetime]:
    """From the first beginning to the last end."""
    listed = list(entries)
    return min(entry.at for entry in listed), max(entry.ended for entry in listed)


def _caused(found: Found, functions: Mapping[str, Function]) -> list[Entry]:
    ran = [running.entry_of(run, functions) for run in found.runs]
    origin = _origin(ran)
    messages = {str(entry.detail.get("message_id")): entry for entry in found.told}
    for run, entry in zip(found.runs, ran, strict=True):
        cause = messages.get(run.message_id)
        if cause is not None:
            entry.parent, entry.kind = cause.id, cause.kind
        elif entry.kind in {"event", "job"}:
            entry.parent = origin
    for entry in (*found.audits, *found.told):
        _put_under(entry, found.runs, origin)
    for entry in found.held:
        cause = messages.get(str(entry.detail.get("message_id")))
        entry.parent = cause.id if cause else origin
        _put_behind_attempts(entry, found.runs)
    for entry, audit in found.sent:
        entry.parent = audit.parent
    logged = [entry for run in found.runs for entry in running.logged(run)]
    others = [entry for entry, _ in found.sent]
    return [*ran, *found.audits, *found.told, *found.held, *others, *logged]


def _put_behind_attempts(entry: Entry, runs: Sequence[Run]) -> None:
    """The broker says when a message came, not when it died: that was after its last attempt."""
    ends = [run.ended for run in runs if run.ended and _handled(run, entry)]
    if entry.kind == "dead-letter":
        entry.at = max([entry.at, *ends])


def _handled(run: Run, entry: Entry) -> bool:
    return bool(run.message_id) and run.message_id == entry.detail.get("message_id")


def _origin(ran: Sequence[Entry]) -> str | None:
    """The run with which it all began, if it is one that nobody asked for by a message."""
    first = min(ran, key=lambda entry: entry.order, default=None)
    return first.id if first and first.kind in {"request", "timer"} else None


def _put_under(entry: Entry, runs: Sequence[Run], origin: str | None) -> None:
    """The run of its capability in whose time it lies; of several the one that began last."""
    own = [run for run in runs if run.capability == entry.capability]
    for slack in (timedelta(0), CLOSE, NEAR):
        around = [run for run in own if _within(entry, run, slack)]
        if around:
            cause = max(around, key=lambda run: run.began)
            entry.parent = cause.id
            if entry.uncertain:
                entry.at = max(entry.at, cause.began)
            return
    entry.parent = origin


def _within(entry: Entry, run: Run, slack: timedelta) -> bool:
    began_before = run.began - slack <= entry.at + entry.uncertain
    return began_before and (run.ended is None or entry.at <= run.ended + slack)
