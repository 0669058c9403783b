"""The ends of the parts' logs, in one order. Knows files, and not how lines are shown."""

import heapq
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from local.logs.lines import About, Line, read

BLOCK = 64 * 1024
CONTEXT = 100  # lines before the first that is shown, one of which has a time
STACK_S = timedelta(seconds=1)  # what follows within it belongs to the line before


def files(folder: Path, part: str | None = None) -> dict[str, Path]:
    """The logs there are, by part."""
    found = {file.name.removesuffix(".log"): file for file in sorted(folder.glob("*.log"))}
    return found if part is None else {name: file for name, file in found.items() if name == part}


def newest(found: dict[str, Path], count: int, correlation_id: str | None = None) -> list[Line]:
    """The last `count` lines of all of them together, oldest first."""
    if count <= 0:
        return []
    if correlation_id is None:
        more = count + CONTEXT
        parts = [_lines(part, _tail(file, more), _written(file)) for part, file in found.items()]
    else:
        parts = _about(found, correlation_id)
    return list(heapq.merge(*parts, key=lambda line: line.when))[-count:]


def _about(found: dict[str, Path], correlation_id: str) -> list[list[Line]]:
    """All of the files is read: the lines may be anywhere."""
    about = About(correlation_id)
    parts = [_lines(part, _whole(file), _written(file)) for part, file in found.items()]
    for lines in parts:
        for line in lines:
            about.learn(line)
    return [[line for line in lines if about.concerns(line)] for lines in parts]


def _lines(part: str, texts: list[str], written: datetime) -> list[Line]:
    """In the order of the file. `written`: when its end was."""
    lines: list[Line] = []
    latest, timed = None, 0
    for text in texts:
        line = read(part, text, None)
        if line.at is not None:
            latest, timed = max(latest or line.at, line.at), len(lines) + 1
        lines.append(replace(line, at=latest))
    if latest is None or written - latest > STACK_S:  # a part's last words, when it crashed
        lines[timed:] = [replace(line, at=written) for line in lines[timed:]]
    return lines


def _written(file: Path) -> datetime:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return datetime.now(UTC)


def _whole(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _tail(file: Path, count: int) -> list[str]:
    """The last lines, without reading the whole of a large file."""
    held = b""
    try:
        for block in _backwards(file):
            held = block + held
            if held.count(b"\n") > count:
                break
    except OSError:
        return []
    return held.decode("utf-8", errors="replace").splitlines()[-count:]


def _backwards(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        end = stream.seek(0, 2)
        while end > 0:
            begin = max(0, end - BLOCK)
            stream.seek(begin)
            yield stream.read(end - begin)
            end = begin
