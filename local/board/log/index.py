"""The lines of late, the oldest forgotten first; found by run, correlation, trace. Pure."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from local.board.log.line import Line
from local.board.log.parsing import Before, parsed
from local.board.log.wanted import Wanted

MOST_BYTES = 32 * 1024 * 1024
MOST_LINES = 150_000
FAILED = frozenset({"ERROR", "CRITICAL"})
FAILED_EVENTS = frozenset({"http.dependency_down", "message.put_aside"})
Shelf = dict[str, deque[Line]]


@dataclass
class LogIndex:
    """Lines come in the order of their ids, and go in the same order."""

    most_bytes: int = MOST_BYTES
    most_lines: int = MOST_LINES
    size_bytes: int = 0
    _lines: deque[Line] = field(default_factory=deque)
    _last_id: int = 0
    _by_correlation: Shelf = field(default_factory=dict)
    _by_invocation: Shelf = field(default_factory=dict)
    _by_trace: Shelf = field(default_factory=dict)
    _ends: Shelf = field(default_factory=dict)
    _failed: Shelf = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def last_id(self) -> int:
        return self._last_id

    def read(self, part: str, raw: bytes, before: Before, now_us: int) -> Line:
        """Add the line that `raw` is."""
        return self.add(parsed(part, raw, before), now_us)

    def add(self, line: Line, now_us: int) -> Line:
        """The line with its id. A time that has not come yet must not push the ids ahead."""
        self._last_id = max(self._last_id + 1, min(line.at_us, now_us))
        line.id = self._last_id
        self._lines.append(line)
        self.size_bytes += len(line.raw)
        for shelf, key in self._places(line):
            shelf.setdefault(key, deque()).append(line)
        if line.ends_run and next(self.troubles_of(line), None) is not None:
            self._failed.setdefault(line.function, deque()).append(line)
        while len(self._lines) > self.most_lines or self.size_bytes > self.most_bytes:
            self._forget_oldest()
        return line

    def newest(self, wanted: Wanted, before: int | None = None) -> Iterator[Line]:
        """Those that are wanted, newest first."""
        for line in reversed(self._candidates(wanted)):
            if (before is None or line.id < before) and self.fits(line, wanted):
                yield line

    def after(self, last_id: int, wanted: Wanted) -> list[Line]:
        """Those that came since, oldest first."""
        fresh: list[Line] = []
        for line in reversed(self._lines):
            if line.id <= last_id:
                break
            if self.fits(line, wanted):
                fresh.append(line)
        return fresh[::-1]

    def fits(self, line: Line, wanted: Wanted) -> bool:
        if not wanted.fits(line):
            return False
        if wanted.function and wanted.function not in {line.function, self.function_of(line)}:
            return False
        return not wanted.correlation_id or wanted.correlation_id == self.correlation_of(line)

    def function_of(self, line: Line) -> str:
        """The function that wrote it, as the host names it."""
        if line.of_host:
            return line.function
        for other in self._by_invocation.get(line.invocation_id, ()):
            if other.of_host and other.function:
                return other.function
        return line.function

    def correlation_of(self, line: Line) -> str:
        """Its own, or that of the run which wrote it."""
        if line.correlation_id:
            return line.correlation_id
        for other in self._by_invocation.get(line.invocation_id, ()):
            if other.correlation_id:
                return other.correlation_id
        return ""

    def of_invocation(self, invocation_id: str) -> list[Line]:
        return list(self._by_invocation.get(invocation_id, ()))

    def of_trace(self, trace_id: str) -> list[Line]:
        return list(self._by_trace.get(trace_id, ()))

    def of_correlation(self, correlation_id: str) -> list[Line]:
        """Its own lines, and all others of the runs that wrote them, in order."""
        found = {line.id: line for line in self._by_correlation.get(correlation_id, ())}
        for invocation_id in {line.invocation_id for line in found.values()} - {""}:
            for line in self._by_invocation.get(invocation_id, ()):
                if line.correlation_id in {"", correlation_id}:
                    found[line.id] = line
        return [found[each] for each in sorted(found)]

    def correlations(self) -> Iterable[str]:
        """Each that is known, the one that began last first."""
        return reversed(self._by_correlation)

    def ends_of(self, function: str) -> list[Line]:
        """The ends of its runs, oldest first."""
        return list(self._ends.get(function, ()))

    def failed_ends_of(self, function: str) -> list[Line]:
        """Also those runs of which the host thought well, and the app wrote that they failed."""
        return list(self._failed.get(function, ()))

    @property
    def failed_runs(self) -> int:
        return sum(map(len, self._failed.values()))

    def troubles_of(self, end: Line) -> Iterator[Line]:
        """What went wrong in a run. What the app has to say, it says before its run ends."""
        for line in self._by_invocation.get(end.invocation_id, ()):
            if line.level in FAILED or line.event in FAILED_EVENTS:
                yield line

    def _candidates(self, wanted: Wanted) -> list[Line] | deque[Line]:
        if wanted.invocation_id:
            return self.of_invocation(wanted.invocation_id)
        if wanted.correlation_id:
            return self.of_correlation(wanted.correlation_id)
        if wanted.trace_id:
            return self.of_trace(wanted.trace_id)
        return self._lines

    def _places(self, line: Line) -> Iterator[tuple[Shelf, str]]:
        if line.correlation_id:
            yield self._by_correlation, line.correlation_id
        if line.invocation_id:
            yield self._by_invocation, line.invocation_id
        if line.trace_id:
            yield self._by_trace, line.trace_id
        if line.ends_run:
            yield self._ends, line.function

    def _forget_oldest(self) -> None:
        line = self._lines.popleft()
        self.size_bytes -= len(line.raw)
        for shelf, key in self._places(line):
            shelf[key].popleft()
            if not shelf[key]:
                del shelf[key]
        failed = self._failed.get(line.function)
        if failed and failed[0].id == line.id:
            failed.popleft()
