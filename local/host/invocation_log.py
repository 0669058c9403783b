"""The two lines in the log that frame every run, in the real host's words.

They are written on every request, so they are put together by hand where that is safe.
"""

import json
import logging
from dataclasses import dataclass
from functools import lru_cache

from local.host import logs
from local.host.engine import Outcome
from local.host.index import IndexedFunction

CALLED = "This function was programmatically called via the host APIs."


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a function, and why it runs."""

    function: IndexedFunction
    invocation_id: str
    trace_id: str
    reason: str = CALLED


@lru_cache(maxsize=4096)
def _head(name: str, kind: str) -> str:
    """What is the same in every line about a function."""
    return f'"function": {json.dumps(name)}, "trigger": {json.dumps(kind)}, '


def _ids(run: Run) -> str:
    return f'"invocation_id": "{run.invocation_id}", "trace_id": "{run.trace_id}"'


def started(run: Run) -> None:
    """A run begins."""
    if not logs.log.isEnabledFor(logging.INFO):
        return
    function = run.function
    name = json.dumps(f"Executing 'Functions.{function.name}' (Reason='")[1:-1]
    logs.line(
        "INFO",
        f'"event": "invocation.started", {_head(function.name, function.kind)}{_ids(run)}, '
        f'"message": "{name}{_escaped(run.reason)}\', Id={run.invocation_id})"',
    )


def ended(run: Run, outcome: Outcome, duration_s: float) -> None:
    """A run has ended, one way or the other."""
    duration_ms = round(duration_s * 1000, 2)
    function = run.function
    how = "Succeeded" if outcome.ok else "Failed"
    message = (
        f"Executed 'Functions.{function.name}' "
        f"({how}, Id={run.invocation_id}, Duration={duration_ms:.0f}ms)"
    )
    if not outcome.ok:
        logs.fail(
            "invocation",
            function=function.name,
            trigger=function.kind,
            invocation_id=run.invocation_id,
            trace_id=run.trace_id,
            duration_ms=duration_ms,
            outcome="failed",
            message=message,
            error=outcome.error,
            stack=outcome.stack,
        )
    elif logs.log.isEnabledFor(logging.INFO):
        logs.line(
            "INFO",
            f'"event": "invocation", {_head(function.name, function.kind)}{_ids(run)}, '
            f'"duration_ms": {duration_ms}, "outcome": "succeeded", "message": "{message}"',
        )


def _escaped(text: str) -> str:
    return text if text == CALLED else json.dumps(text)[1:-1]
