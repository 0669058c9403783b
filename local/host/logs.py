"""The host's log: one JSON object per line on stderr, the app's own lines among them."""

import json
import logging
import sys
from datetime import UTC, datetime

from azure_functions_runtime.utils.executor import invocation_id_cv

log = logging.getLogger("local.host")


class JsonLines(logging.Formatter):
    """A record as JSON. A message that is a JSON object becomes part of the line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        invocation_id = invocation_id_cv.get()
        if invocation_id:
            line["invocation_id"] = invocation_id
        own = getattr(record, "fields", None)
        if own is None:
            line.update(_fields(record.getMessage()))
        else:
            line.update(event=record.msg, **own)
        if record.exc_info:
            line["stack"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def say(event: str, **fields: object) -> None:
    """Something that went as it should."""
    log.info(event, extra={"fields": fields})


def warn(event: str, **fields: object) -> None:
    """Something that the host deals with itself."""
    log.warning(event, extra={"fields": fields})


def fail(event: str, **fields: object) -> None:
    """Something that somebody should look at."""
    log.error(event, extra={"fields": fields})


def to_stderr(level: str) -> None:
    """Write everything from `level` on to stderr, and what the app prints as well.

    stdout then carries nothing but the line that says that the host is ready.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("azure", "aiohttp", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # The SDK warns of every attempt to reach a broker that is away; the listener says it once.
    logging.getLogger("azure.servicebus").setLevel(logging.CRITICAL)
    logging.raiseExceptions = False  # a closed stderr must not become a second error


def _fields(message: str) -> dict[str, object]:
    if message.startswith("{"):
        try:
            parsed = json.loads(message)
        except ValueError:
            return {"message": message}
        if isinstance(parsed, dict):
            return parsed
    return {"message": message}
