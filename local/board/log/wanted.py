"""Which lines somebody wants to see. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from local.board.answers import Refused
from local.board.log.line import LEVELS, Line


@dataclass(frozen=True)
class Wanted:
    """Empty means any. `level` is the least; `text` is looked for anywhere, in any case."""

    part: str = ""
    level: str = ""
    function: str = ""
    correlation_id: str = ""
    invocation_id: str = ""
    trace_id: str = ""
    text: str = ""
    needles: tuple[bytes, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        if self.text:
            low = self.text.lower()
            spellings = (low.encode(), json.dumps(low)[1:-1].encode())
            object.__setattr__(self, "needles", tuple(dict.fromkeys(spellings)))

    def fits(self, line: Line) -> bool:
        """Everything but the function and the correlation, which other lines may tell."""
        if self.part and line.part != self.part:
            return False
        if self.level and LEVELS.index(line.level) < LEVELS.index(self.level):
            return False
        if self.invocation_id and line.invocation_id != self.invocation_id:
            return False
        if self.trace_id and line.trace_id != self.trace_id:
            return False
        return not self.needles or self._says(line.raw.lower())

    def _says(self, low: bytes) -> bool:
        return any(needle in low for needle in self.needles)


def wanted(query: Mapping[str, str]) -> Wanted:
    """Raises Refused for a level that there is not."""
    level = query.get("level", "").upper()
    if level and level not in LEVELS:
        raise Refused(400, f"`level` is one of {', '.join(LEVELS)}.")
    names = ("part", "function", "correlation_id", "invocation_id", "trace_id", "text")
    return Wanted(level=level, **{name: query.get(name, "").strip() for name in names})
