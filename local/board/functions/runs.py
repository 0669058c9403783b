"""How a function has fared, from the ends of its runs in the log. Pure."""

from collections.abc import Mapping
from statistics import median
from typing import Any

from local.board.answers import rfc3339
from local.board.log.index import LogIndex
from local.board.log.line import ENDED, Line

ANSWERED = "http.answered"  # written by the app, with the status
MEASURED = 200  # of the last runs: what was long ago says little about now


def run(end: Line, index: LogIndex) -> dict[str, Any]:
    """`failed` also where the host thinks well of it and the app wrote that it went wrong."""
    fields = end.fields
    wrong = next(index.troubles_of(end), end).fields
    return {
        "at": rfc3339(end.at),
        "outcome": str(fields.get("outcome") or ""),
        "failed": next(index.troubles_of(end), None) is not None,
        "status": _status(end, index),
        "duration_ms": end.duration_ms,
        "error": _text(fields.get("error") or _said(wrong)),
        "stack": _text(fields.get("stack") or wrong.get("stack")),
        "correlation_id": index.correlation_of(end) or None,
        "invocation_id": end.invocation_id,
        "trace_id": end.trace_id or None,
    }


def summary(function: str, index: LogIndex) -> dict[str, Any]:
    """`runs`, `failures`, `p50_ms` and `last`, as far back as the log is kept."""
    ends = index.ends_of(function)
    measured = [end.duration_ms for end in ends[-MEASURED:] if end.duration_ms is not None]
    last = run(ends[-1], index) if ends else None
    if last is not None:
        del last["stack"], last["trace_id"]
    return {
        "runs": len(ends),
        "failures": len(index.failed_ends_of(function)),
        "p50_ms": round(median(measured), 2) if measured else None,
        "last": last,
    }


def _status(end: Line, index: LogIndex) -> int | None:
    """What the caller of an HTTP function was answered."""
    for line in index.of_invocation(end.invocation_id):
        if line.event == ANSWERED:
            status = line.fields.get("status")
            return status if isinstance(status, int) else None
    return None


def _said(trouble: Mapping[str, Any]) -> str | None:
    """What the app wrote of it: the event's name, and what it says of the reason."""
    if trouble.get("event") in (None, ENDED):
        return None
    named = (trouble.get(name) for name in ("event", "error", "reason"))
    return ": ".join(str(each) for each in named if each)


def _text(found: Any) -> str | None:
    return None if found is None else str(found)
