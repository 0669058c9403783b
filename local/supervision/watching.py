"""Parts that ended by themselves are started again, later each time. Knows no part by name."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from local.process import Process
from local.supervision.state import Ledger

FIRST_S = 0.2
LONGEST_S = 10.0
MOST_DOUBLINGS = 10  # more than it takes to the longest
HEALTHY_S = 30.0  # who ran that long has recovered
LOUD_AFTER = 5
LOOK_EVERY_S = 0.1
Told = Callable[[str], None]
Aside = Callable[[Callable[[], None]], None]


@dataclass
class Backoff:
    """How long a part waits before it starts again, by how often it ended in a row."""

    in_a_row: int = 0

    def after_end(self, ran_s: float) -> float:
        """The seconds to wait, for one that ran that long."""
        if ran_s >= HEALTHY_S:
            self.in_a_row = 0
        self.in_a_row += 1
        doublings = min(self.in_a_row - 1, MOST_DOUBLINGS)
        return min(FIRST_S * 2.0**doublings, LONGEST_S)


@dataclass
class _Seen:
    """What is known of one part since it began to be watched."""

    process: Process
    since: float
    backoff: Backoff = field(default_factory=Backoff)
    due: float | None = None  # when it starts again; None while it runs
    busy: bool = False


class Watched(Protocol):
    """What has parts, and can start one again on the same port with the same data."""

    processes: dict[str, Process]
    ledger: Ledger
    ending: bool

    def start_part(self, name: str) -> Process: ...


class Watcher:
    """Looks when told to. Restarts run aside, since a part takes its time to start."""

    def __init__(
        self,
        azure: Watched,
        told: Told,
        clock: Callable[[], float] = time.monotonic,
        aside: Aside | None = None,
    ) -> None:
        self._azure = azure
        self._told = told
        self._clock = clock
        self._threads: list[threading.Thread] = []
        self._aside = aside or self._in_a_thread
        self._seen: dict[str, _Seen] = {}

    def look(self) -> None:
        """Once over all parts."""
        self._azure.ledger.catch_up()
        for name, process in list(self._azure.processes.items()):
            seen = self._seen.setdefault(name, _Seen(process, self._clock()))
            if not (seen.busy or self._azure.ending or self._never_ran(name)):
                self._look_at(name, process, seen)

    def finish(self) -> None:
        """Wait for the restarts that are under way."""
        for thread in self._threads:
            thread.join()

    def _never_ran(self, name: str) -> bool:
        """Whoever starts it the first time learns what came of it."""
        record = self._azure.ledger.parts.get(name)
        return record is None or record.state == "starting"

    def _look_at(self, name: str, process: Process, seen: _Seen) -> None:
        now = self._clock()
        if process is not seen.process:  # somebody else has started it again
            seen.process, seen.since, seen.due = process, now, None
        if process.asked or not process.ended:
            return
        if seen.due is None:
            self._ended(name, seen, how(process.popen.returncode))
        elif now >= seen.due:
            seen.busy = True
            self._aside(lambda: self._again(name, seen))

    def _again(self, name: str, seen: _Seen) -> None:
        try:
            process = self._azure.start_part(name)
        except Exception as failed:  # noqa: BLE001 - whatever it was, the part is tried again
            if not self._azure.ending:
                seen.process = self._azure.processes.get(name, seen.process)
                self._ended(name, seen, f"did not start: {_first_line(failed)}", ran_s=0.0)
        else:
            seen.process, seen.since, seen.due = process, self._clock(), None
            self._told(f"{name} runs again.")
        finally:
            seen.busy = False

    def _ended(self, name: str, seen: _Seen, why: str, ran_s: float | None = None) -> None:
        now = self._clock()
        delay = seen.backoff.after_end(now - seen.since if ran_s is None else ran_s)
        seen.due = now + delay
        often = seen.backoff.in_a_row
        self._azure.ledger.lost(name, "down" if often >= LOUD_AFTER else "restarting")
        self._told(f"{name} {why}. It is started again in {delay:g} s.")
        if often == LOUD_AFTER or often % 30 == 0:
            self._told(
                f"ATTENTION: {name} ended {often} times in a row. It is tried on every "
                f"{LONGEST_S:g} s at most; `python3 -m local logs {name}` shows why."
            )

    def _in_a_thread(self, do: Callable[[], None]) -> None:
        self._threads = [each for each in self._threads if each.is_alive()]
        thread = threading.Thread(target=do, name="restart", daemon=True)
        self._threads.append(thread)
        thread.start()


def how(code: int | None) -> str:
    """A process's end in words: `ended with exit code 3`, `was ended by SIGKILL`."""
    if code is not None and code < 0:
        try:
            return f"was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"was ended by signal {-code}"
    return f"ended by itself with exit code {code}"


def _first_line(failed: BaseException) -> str:
    """The end of what it said last is what says why."""
    lines = [line for line in str(failed).splitlines() if line.strip()]
    return lines[-1].strip().rstrip(".") if lines else type(failed).__name__


@contextmanager
def watched(azure: Watched, told: Told = lambda _: None) -> Iterator[Watcher]:
    """For as long as parts that end by themselves should come back."""
    watcher, over = Watcher(azure, told), threading.Event()

    def look() -> None:
        while not over.wait(LOOK_EVERY_S):
            watcher.look()

    thread = threading.Thread(target=look, name="watcher", daemon=True)
    thread.start()
    try:
        yield watcher
    finally:
        over.set()
        thread.join()
        watcher.finish()
