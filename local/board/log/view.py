"""A line as the board's page gets it. Pure."""

from typing import Any

from local.board.answers import rfc3339
from local.board.log.index import LogIndex
from local.board.log.line import SHOWN_APART, Line


def view(line: Line, index: LogIndex) -> dict[str, Any]:
    fields = line.fields
    return {
        "id": line.id,
        "at": rfc3339(line.at),
        "part": line.part,
        "level": line.level,
        "event": line.event or None,
        "message": _text(fields.get("message")) if line.is_json else line.text,
        "function": index.function_of(line) or None,
        "correlation_id": index.correlation_of(line) or None,
        "trace_id": line.trace_id or None,
        "invocation_id": line.invocation_id or None,
        "duration_ms": line.duration_ms,
        "outcome": _text(fields.get("outcome")),
        "stack": _text(fields.get("stack")),
        "fields": {name: fields[name] for name in fields if name not in SHOWN_APART},
    }


def _text(found: Any) -> str | None:
    return None if found is None else str(found)
