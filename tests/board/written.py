"""Log lines as the host and the app write them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from local.board.log.index import MOST_BYTES, MOST_LINES, LogIndex
from local.board.log.line import EPOCH
from local.board.log.parsing import MICROSECOND, Before

BEGAN = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
NOW_US = (BEGAN + timedelta(hours=1) - EPOCH) // MICROSECOND
TRACE = "24d8a76d4751b960cd04d76e4b52fb04"


def at(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def line(seconds: float, **fields: Any) -> bytes:
    said = {"time": at(seconds).isoformat(timespec="milliseconds"), "level": "INFO", **fields}
    return json.dumps(said).encode()


def started(seconds: float, function: str, run: str, **fields: Any) -> bytes:
    return line(
        seconds,
        logger="local.host",
        event="invocation.started",
        function=function,
        invocation_id=run,
        message=f"Executing 'Functions.{function}' (Reason='...', Id={run})",
        **fields,
    )


def ended(seconds: float, function: str, run: str, ms: float, **fields: Any) -> bytes:
    said: dict[str, Any] = {"trigger": "httpTrigger", "trace_id": TRACE, "outcome": "succeeded"}
    return line(
        seconds,
        logger="local.host",
        event="invocation",
        function=function,
        invocation_id=run,
        duration_ms=ms,
        **{**said, **fields},
    )


def said(seconds: float, event: str, run: str, correlation: str, **fields: Any) -> bytes:
    return line(
        seconds,
        **{
            "logger": "collab",
            "event": event,
            "invocation_id": run,
            "correlation_id": correlation,
            "trace_id": TRACE,
            "actor": "user:u-1",
            **fields,
        },
    )


def request(
    seconds: float, function: str, run: str, correlation: str, status: int = 200
) -> list[bytes]:
    """One HTTP request of 10 ms."""
    answered = said(
        seconds + 0.009, "http.answered", run, correlation, method="POST", status=status
    )
    return [answered, ended(seconds + 0.010, function, run, 10.0)]


def indexed(
    *raw: bytes, part: str = "host", most_bytes: int = MOST_BYTES, most_lines: int = MOST_LINES
) -> LogIndex:
    index = LogIndex(most_bytes, most_lines)
    for each in raw:
        index.read(part, each, Before(NOW_US), NOW_US)
    return index
