"""What runs, in `state.json`: written at every change, so that whoever comes later finds it.

`{pid, begun, state, ports, app, board, urls, pids, parts: [{name, title, url, pid, begun, state,
restarts, since}]}`. A pid may be somebody else's by now, so `begun` says which process was meant;
the state of a part is starting, running, restarting or down.
"""

import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import psutil

PartState = Literal["starting", "running", "restarting", "down"]
BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass
class PartRecord:
    """`since`: of its state, RFC 3339."""

    name: str
    title: str
    url: str
    pid: int
    begun: str
    state: PartState = "starting"
    restarts: int = 0
    since: str = ""


def _now() -> datetime:
    return datetime.now(UTC)


class Ledger:
    """Every part that was started. Written to `file`, if there is one, at each change."""

    def __init__(
        self, file: Path | None = None, now: Callable[[], datetime] = _now, **head: Any
    ) -> None:
        self.parts: dict[str, PartRecord] = {}
        self._file = file
        self._now = now
        self._head = {"pid": os.getpid(), "begun": begun(os.getpid()), **head}
        self._lock = threading.RLock()
        self._behind = False

    def born(self, name: str, title: str, url: str, pid: int) -> None:
        """A process was started, and is not ready."""
        with self._lock:
            known = self.parts.get(name)
            record = PartRecord(name, title, url, pid, begun(pid))
            if known is not None:
                record.restarts = known.restarts
                record.state = known.state if known.state == "down" else "restarting"
            self.parts[name] = record
            self._changed(record)

    def ready(self, name: str, url: str, *, again: bool = False) -> None:
        with self._lock:
            if (record := self.parts.get(name)) is None:
                return  # everything ends
            record.url, record.state = url, "running"
            record.restarts += 1 if again else 0
            self._changed(record)

    def lost(self, name: str, state: PartState) -> None:
        """It ended by itself, or did not come back."""
        with self._lock:
            record = self.parts.get(name)
            if record is not None and record.state != state:
                record.state = state
                self._changed(record)

    def say(self, **head: Any) -> None:
        """Something of the whole."""
        with self._lock:
            self._head |= head
            self.write()

    def forget(self) -> None:
        """Nothing runs any more."""
        with self._lock:
            self.parts.clear()
            if self._file is not None:
                self._file.unlink(missing_ok=True)
            self._file = None

    def write(self) -> None:
        if self._file is None:
            return
        document = {
            **self._head,
            "urls": {name: record.url for name, record in self.parts.items()},
            "pids": {name: record.pid for name, record in self.parts.items()},
            "parts": [asdict(record) for record in self.parts.values()],
        }
        partial = self._file.with_name(f"{self._file.name}.new")
        try:
            partial.write_text(json.dumps(document, indent=2), encoding="utf-8")
            partial.replace(self._file)
        except OSError:  # a disk that is full by now is no reason to end what runs
            self._behind = True
        else:
            self._behind = False

    def catch_up(self) -> None:
        """Write what could not be written when it happened."""
        with self._lock:
            if self._behind:
                self.write()

    def _changed(self, record: PartRecord) -> None:
        record.since = self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.write()


def begun(pid: int) -> str:
    """Which process it is, also when the clock is set. Empty for one that has gone already."""
    try:
        if BOOT.exists():
            ticks = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[19]
            return f"{BOOT.read_text('utf-8').strip()}/{ticks}"
        return str(psutil.Process(pid).create_time())
    except (OSError, IndexError, psutil.Error):
        return ""


def read(file: Path) -> dict[str, Any] | None:
    """None for what is missing or broken."""
    try:
        state = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return state if isinstance(state, dict) else None


def alive(note: Any) -> psutil.Process | None:
    """The process of which `{pid, begun}` was noted, if it still runs and is the same."""
    try:
        process = psutil.Process(note["pid"])
        same = bool(note["begun"]) and begun(process.pid) == note["begun"]
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (KeyError, TypeError, ValueError, psutil.Error):
        return None


def parts_of(state: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The parts that were noted, as far as the note is whole."""
    noted = (state or {}).get("parts")
    whole = {"name", "title", "url", "pid", "begun", "state", "restarts", "since"}
    return [
        each
        for each in (noted if isinstance(noted, list) else [])
        if isinstance(each, dict) and whole <= each.keys()
    ]


def orphans(state: dict[str, Any] | None) -> dict[str, psutil.Process]:
    """Parts that still run, by name."""
    found = {each["name"]: alive(each) for each in parts_of(state)}
    return {name: process for name, process in found.items() if process is not None}
