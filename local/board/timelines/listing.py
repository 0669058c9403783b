"""The timelines of late, as far as the log knows of them: a title and how it went. Pure."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from local.board.answers import rfc3339
from local.board.functions.described import Function
from local.board.log.index import LogIndex
from local.board.log.wanted import Wanted
from local.board.timelines.assembly import span
from local.board.timelines.entry import Entry
from local.board.timelines.runs import Run, entry_of, lines_of, runs_of


def listed(
    index: LogIndex, functions: Mapping[str, Function], limit: int, text: str = ""
) -> list[dict[str, Any]]:
    """Newest first; `text` is in the id, in a title, or in a line."""
    shown = list(islice(_listed(index, functions, text), limit))
    return sorted(shown, key=lambda each: str(each["began_at"]), reverse=True)


def _listed(
    index: LogIndex, functions: Mapping[str, Function], text: str
) -> Iterator[dict[str, Any]]:
    fitting = _fitting(index, functions, text) if text else None
    for correlation_id in index.correlations():
        if fitting is not None and correlation_id not in fitting:
            continue
        runs = runs_of(lines_of(correlation_id, index))
        if runs and not _is_relaying(runs):
            yield _shown(correlation_id, [entry_of(run, functions) for run in runs])


def _fitting(index: LogIndex, functions: Mapping[str, Function], text: str) -> set[str]:
    """In one pass over all lines: there are many, and few that fit. Ids stand in lines too."""
    low = text.lower()
    titled = {each.name for each in functions.values() if low in each.summary.lower()}
    wanted = Wanted(text=text)
    return {
        index.correlation_of(line)
        for line in index.newest(Wanted())
        if line.function in titled or wanted.fits(line)
    }


def _is_relaying(runs: list[Run]) -> bool:
    """A change feed's run sends what many have told, under a correlation id of nobody's."""
    return all(run.trigger == "cosmos" and not run.failed for run in runs)


def _shown(correlation_id: str, entries: list[Entry]) -> dict[str, Any]:
    began, ended = span(entries)
    first = min(entries, key=lambda entry: entry.order)
    return {
        "correlation_id": correlation_id,
        "began_at": rfc3339(began),
        "duration_ms": round((ended - began).total_seconds() * 1000, 2),
        "title": first.title,
        "kind": first.kind,
        "status": first.status,
        "entries": len(entries),
        "failed": any(entry.failed for entry in entries),
    }
