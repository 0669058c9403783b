"""Log lines as JSON, one event name each, with the correlation id that people quote."""

import json
import logging

from shared.telemetry import scope

_log = logging.getLogger("collab")
_log.setLevel(logging.INFO)


def say(event: str, **fields: object) -> None:
    """What happened, in a name that stays the same, and its particulars. Never a secret."""
    _write(logging.INFO, event, fields)


def warn(event: str, **fields: object) -> None:
    """Something that an operator may want to know and need not act on."""
    _write(logging.WARNING, event, fields)


def fail(event: str, **fields: object) -> None:
    """Something broke: written with the exception that is being handled, if there is one."""
    _write(logging.ERROR, event, fields, exc_info=True)


def _write(level: int, event: str, fields: dict[str, object], *, exc_info: bool = False) -> None:
    if not _log.isEnabledFor(level):
        return
    now = scope.current()
    line = {
        "event": event,
        "correlation_id": now.correlation_id,
        "trace_id": now.traceparent.split("-")[1],
        "actor": f"{now.actor.kind}:{now.actor.id}",
        **fields,
    }
    _log.log(level, "%s", json.dumps(line, default=str), exc_info=exc_info)
