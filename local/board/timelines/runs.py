"""Runs of functions, put together from the lines that each left in the log. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from local.board.functions.described import TRIGGERS, Function
from local.board.log.index import FAILED, FAILED_EVENTS, LogIndex
from local.board.log.line import Line
from local.board.timelines.entry import Entry, Kind

ANSWERED = "http.answered"
LONGEST_TRACE = 2000  # lines: some callers put all that they ever do into one trace
HANDLED = frozenset({"message.handled", "message.failed", "message.put_aside"})
TOLD_APART = HANDLED | {ANSWERED, "outbox.published"}
KINDS: Mapping[str, Kind] = {"http": "request", "timer": "timer", "cosmos": "change"}


@dataclass(frozen=True)
class Run:
    """`message_id` and `told_type` are of the message that it handled."""

    id: str
    function: str
    trigger: str
    began: datetime
    duration_ms: float | None
    outcome: str
    failed: bool
    lines: tuple[Line, ...]
    message_id: str = ""
    told_type: str = ""

    @property
    def capability(self) -> str:
        return self.function.partition("_")[0]

    @property
    def ended(self) -> datetime | None:
        """None while it runs."""
        if self.duration_ms is None:
            return None
        return self.began + timedelta(milliseconds=self.duration_ms)


def lines_of(correlation_id: str, index: LogIndex) -> list[Line]:
    """Its own; those of the same runs; and runs of its traces that say no correlation at all."""
    own = index.of_correlation(correlation_id)
    found = {line.id: line for line in own}
    for trace_id in {line.trace_id for line in own if line.correlation_id} - {""}:
        for line in index.of_trace(trace_id)[:LONGEST_TRACE]:
            if line.invocation_id and not index.correlation_of(line):
                found |= {each.id: each for each in index.of_invocation(line.invocation_id)}
    return [found[each] for each in sorted(found)]


def runs_of(lines: Iterable[Line]) -> list[Run]:
    """In the order in which they are first heard of."""
    by_invocation: dict[str, list[Line]] = {}
    for line in lines:
        if line.invocation_id:
            by_invocation.setdefault(line.invocation_id, []).append(line)
    return [_run(each, tuple(said)) for each, said in by_invocation.items()]


def _run(invocation_id: str, lines: tuple[Line, ...]) -> Run:
    end = next((line for line in lines if line.ends_run), None)
    start = next((line for line in lines if line.starts_run), None)
    about = {**(start.fields if start else {}), **(end.fields if end else {})}
    duration_ms = end.duration_ms if end else None
    handled = next((line.fields for line in lines if line.event in HANDLED), {})
    return Run(
        id=invocation_id,
        function=str(about.get("function") or lines[0].function),
        trigger=TRIGGERS.get(str(about.get("trigger")), _guessed(lines)),
        began=_began(lines, start, end, duration_ms),
        duration_ms=duration_ms,
        outcome=str(about.get("outcome") or "") if end else "running",
        failed=any(line.level in FAILED or line.event in FAILED_EVENTS for line in lines),
        lines=lines,
        message_id=str(handled.get("message_id") or ""),
        told_type=str(handled.get("type") or ""),
    )


def _began(
    lines: tuple[Line, ...], start: Line | None, end: Line | None, duration_ms: float | None
) -> datetime:
    """Said at its start; else reckoned back from its end; at the latest its first line."""
    if start is not None:
        return start.at
    if end is not None and duration_ms is not None:
        return min(lines[0].at, end.at - timedelta(milliseconds=max(0.0, duration_ms)))
    return lines[0].at


def _guessed(lines: tuple[Line, ...]) -> str:
    """What started a run of which the host's own lines are gone."""
    events = {line.event for line in lines}
    if ANSWERED in events:
        return "http"
    return "servicebus" if events & HANDLED else ""


def entry_of(run: Run, functions: Mapping[str, Function]) -> Entry:
    known = functions.get(run.function)
    answered = next((line.fields for line in run.lines if line.event == ANSWERED), {})
    status = answered.get("status")
    return Entry(
        id=run.id,
        at=run.began,
        kind=_kind(run, known),
        title=_title(run, known, str(answered.get("method") or "")),
        capability=run.capability or None,
        function=run.function or None,
        duration_ms=run.duration_ms,
        outcome=run.outcome or None,
        status=status if isinstance(status, int) else None,
        failed=run.failed,
        detail=_detail(run),
    )


def _kind(run: Run, known: Function | None) -> Kind:
    if run.trigger in KINDS:
        return KINDS[run.trigger]
    if known is not None and known.entity:
        return "job" if known.runs_jobs else "event"
    return "job" if run.told_type and _is_job(run) else "event"


def _is_job(run: Run) -> bool:
    """A capability's jobs are its own; so are events at times, and then it makes no difference."""
    return run.told_type.partition(".")[0] == run.capability


def _title(run: Run, known: Function | None, method: str) -> str:
    if run.trigger == "http" and known is not None:
        methods, _, route = known.summary.partition(" ")
        return f"{method or methods} {route}"
    return run.told_type or run.function or "a run"


def _detail(run: Run) -> dict[str, Any]:
    detail: dict[str, Any] = {"invocation_id": run.id}
    for line in run.lines:
        fields = line.fields
        for name in ("actor", "message_id", "delivery", "error", "stack", "reason", "trace_id"):
            if fields.get(name) not in (None, "") and name not in detail:
                detail[name] = fields[name]
    return detail


def logged(run: Run) -> list[Entry]:
    """What the app said in between, other than how the run ended."""
    return [
        _logged(line, run)
        for line in run.lines
        if not (line.of_host and (line.ends_run or line.starts_run))
        and line.event not in TOLD_APART
    ]


def _logged(line: Line, run: Run) -> Entry:
    fields = line.fields
    return Entry(
        id=f"log:{line.id}",
        at=line.at,
        kind="log",
        title=line.event or str(fields.get("message") or line.text)[:200],
        capability=run.capability or None,
        function=run.function or None,
        outcome=line.level.lower(),
        failed=line.level in FAILED,
        detail=fields,
        parent=run.id,
    )
