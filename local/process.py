"""One part of the local Azure as a child process: started, known to be ready, ended."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

ROOT = Path(__file__).resolve().parent.parent
READY = "ready "
Announcement = Callable[[str], dict[str, str] | None]


class PartFailed(RuntimeError):
    """A part ended, or stayed silent, before it said that it was ready. Carries its last words."""


@dataclass
class Process:
    """A running part. `ready` is what it said of itself, `{"url": ...}` at least."""

    name: str
    popen: subprocess.Popen[str]
    ready: dict[str, str] = field(default_factory=dict)

    def stop(self, grace_s: float = 10.0) -> None:
        """Ask it to end, and insist after `grace_s` seconds. Safe to repeat."""
        if self.popen.poll() is None:
            self.popen.terminate()
        try:
            self.popen.wait(grace_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """As a power cut would end it."""
        self.popen.kill()
        self.popen.wait()


def python_part(module: str, *arguments: str) -> list[str]:
    """The command that runs one of our own parts, on the Python that runs this."""
    return [sys.executable, "-m", module, *arguments]


def own_announcement(line: str) -> dict[str, str] | None:
    """How our own parts say that they are ready: a line `ready {json}`."""
    if not line.startswith(READY):
        return None
    said: dict[str, str] = json.loads(line.removeprefix(READY))
    return said


def start(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str | None] | None = None,
    timeout_s: float = 60.0,
    announcement: Announcement = own_announcement,
) -> Process:
    """Start `command` from the repository's root and wait until it announces itself.

    It inherits this process's environment, with `env` over it; None takes a name away.

    Everything else that it says goes to `log`. Raises PartFailed with the end of that log.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as stderr:
        popen = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,  # Ctrl-C is for whoever started it, who ends parts in order
        )
    said: Queue[dict[str, str]] = Queue()
    following = threading.Thread(
        target=_follow, args=(popen, log, said, announcement), daemon=True, name=f"{name}-output"
    )
    following.start()
    process = Process(name, popen)
    if not _announced(process, said, timeout_s):
        process.stop(grace_s=1)
        raise PartFailed(f"{name} did not start. The end of {log}:\n{_tail(log)}")
    return process


def _environment(more: Mapping[str, str | None]) -> dict[str, str]:
    merged: dict[str, str | None] = {**os.environ, "PYTHONUNBUFFERED": "1", **more}
    return {name: value for name, value in merged.items() if value is not None}


def _announced(process: Process, said: "Queue[dict[str, str]]", timeout_s: float) -> bool:
    waited_s = 0.0
    while waited_s < timeout_s:
        try:
            process.ready = said.get(timeout=0.1)
        except Empty:
            waited_s += 0.1
            if process.popen.poll() is not None and said.empty():
                return False
        else:
            return True
    return False


def _follow(
    popen: subprocess.Popen[str],
    log: Path,
    said: "Queue[dict[str, str]]",
    announcement: Announcement,
) -> None:
    if popen.stdout is None:
        return
    with popen.stdout, log.open("a", encoding="utf-8") as file:
        for line in popen.stdout:
            announced = announcement(line)
            if announced is not None:
                said.put(announced)
            else:
                file.write(line)
                file.flush()


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
