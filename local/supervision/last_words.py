"""What a part said last, as people read it: short, and with their own files alone."""

import json
import re
from pathlib import Path

MOST_BYTES = 64 * 1024
LINES = 15
TIME = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S* ")
LIBRARY = re.compile(r'^\s*File ".*(site-packages|importlib|<frozen)')
QUIET = {"DEBUG", "INFO"}


def last_words(log: Path, since: int = 0, lines: int = LINES) -> str:
    """The end of what stands in `log` after byte `since`. Empty without any."""
    try:
        with log.open("rb") as file:
            end = file.seek(0, 2)
            file.seek(max(since, end - MOST_BYTES))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
    said = [words for line in text.splitlines() if (words := _words(line)) is not None]
    return "\n".join(said[-lines:]).strip()


def _words(line: str) -> str | None:
    """None for what helps nobody: a library's lines of a traceback, and that all went well."""
    if LIBRARY.match(line):
        return None
    if not line.startswith("{"):
        return TIME.sub("", line)
    try:
        said = json.loads(line)
    except ValueError:
        return line
    if said.get("level") in QUIET:
        return None
    return ": ".join(
        str(said[name]) for name in ("event", "function", "message", "error") if said.get(name)
    )
