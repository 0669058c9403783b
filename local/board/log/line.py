"""One line of a log: what it is found by, and the text that it was. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHOWN_APART = {"time", "level", "event", "message", "function", "correlation_id", "trace_id"} | {
    *("invocation_id", "duration_ms", "outcome", "stack")
}
ENDED = "invocation"
STARTED = "invocation.started"
HOST = "local.host"


@dataclass(slots=True, eq=False)  # there are many: made once, and told apart by themselves
class Line:
    """`id` grows with every line and is about the microsecond since 1970 at which it was written.

    `raw` is JSON for lines of JSON, and text for all others.
    """

    id: int
    at_us: int
    part: str
    level: str
    raw: bytes
    is_json: bool = False
    logger: str = ""
    event: str = ""
    function: str = ""
    correlation_id: str = ""
    trace_id: str = ""
    invocation_id: str = ""
    duration_ms: float | None = None

    @property
    def at(self) -> datetime:
        return EPOCH + timedelta(microseconds=self.at_us)

    @property
    def fields(self) -> dict[str, Any]:
        """Everything that a line of JSON said."""
        found: dict[str, Any] = orjson.loads(self.raw) if self.is_json else {}
        return found

    @property
    def text(self) -> str:
        return self.raw.decode("utf-8", "replace")

    @property
    def of_host(self) -> bool:
        """Whether the host wrote it of a run; its `function` is then the function's own name."""
        return self.logger == HOST

    @property
    def ends_run(self) -> bool:
        return self.of_host and self.event == ENDED and bool(self.invocation_id)

    @property
    def starts_run(self) -> bool:
        return self.of_host and self.event == STARTED and bool(self.invocation_id)
