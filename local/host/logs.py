"""The host's log: one JSON object per line on stderr, the app's own lines among them.

A line leaves the process in one write as soon as it is said, so that a host that is killed has
said everything, and lines of several threads do not run into each other.
"""

import json
import logging
import os
import sys
import time
from datetime import UTC, datetime
from functools import lru_cache

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


class ToDescriptor(logging.Handler):
    """Writes to a file descriptor, without a buffer."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def emit(self, record: logging.LogRecord) -> None:
        """One line. What cannot be written is lost, and nothing else."""
        try:
            self.write(self.format(record))
        except Exception:  # noqa: BLE001 - a log that fails must not become a failure of the app
            self.handleError(record)

    def write(self, text: str) -> None:
        """The line and its end."""
        rest = memoryview(text.encode(errors="backslashreplace") + b"\n")
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]


class _Output:
    """Where ready lines go; nowhere before the log is set up."""

    handler: ToDescriptor | None = None


def line(level: str, fields: str) -> None:
    """A line whose fields are JSON already: `"event": ...`. Only the host's own words go here."""
    if _Output.handler is None:
        return
    now = time.time()
    try:
        _Output.handler.write(
            f'{{"time": "{_second(int(now))}.{int(now * 1000) % 1000:03d}+00:00", '
            f'"level": "{level}", "logger": "{log.name}", {fields}}}'
        )
    except OSError:
        return  # a closed stderr must not become an error of a run


@lru_cache(maxsize=4)
def _second(since_1970: int) -> str:
    return datetime.fromtimestamp(since_1970, UTC).strftime("%Y-%m-%dT%H:%M:%S")


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
    handler = _Output.handler = ToDescriptor(sys.stderr.fileno())
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
