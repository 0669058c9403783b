"""One part of the local Azure as a child process: started, known to be ready, ended."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, Queue

from local.refusals import CannotStart
from local.supervision.last_words import last_words

ROOT = Path(__file__).resolve().parent.parent
READY = "ready "
LARGEST_LOG = 20 * 1024 * 1024
Announcement = Callable[[str], dict[str, str] | None]


class PartFailed(CannotStart):
    """A part ended, or stayed silent, before it said that it was ready. Carries its last words."""


@dataclass
class Process:
    """A running part. `ready` is what it said of itself, `{"url": ...}` at least."""

    name: str
    popen: subprocess.Popen[str]
    ready: dict[str, str] = field(default_factory=dict)
    asked: bool = False  # to end: then its end is no crash

    @property
    def ended(self) -> bool:
        return self.popen.poll() is not None

    def ask(self) -> None:
        """To end, without waiting for it."""
        self.asked = True
        if not self.ended:
            self.popen.terminate()

    def stop(self, grace_s: float = 10.0) -> None:
        """Ask it to end, and insist after `grace_s` seconds. Safe to repeat."""
        self.ask()
        self.wait(grace_s)

    def wait(self, grace_s: float) -> None:
        """For its end, and insist on it after `grace_s` seconds."""
        try:
            self.popen.wait(grace_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """As a power cut would end it, with all that it started."""
        if self.popen.returncode is None:  # else its pid may be somebody else's by now
            _end_group(self.popen)
        self.popen.wait()


def _end_group(popen: subprocess.Popen[str]) -> None:
    if os.name == "nt":
        popen.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(popen.pid, signal.SIGKILL)  # a part leads a session of its own


def python_part(module: str, *arguments: str) -> list[str]:
    """The command that runs one of our own parts, on the Python that runs this."""
    return [sys.executable, "-m", module, *arguments]


def own_announcement(line: str) -> dict[str, str] | None:
    """How our own parts say that they are ready: a line `ready {json}`."""
    if not line.startswith(READY):
        return None
    said: dict[str, str] = json.loads(line.removeprefix(READY))
    return said


@dataclass(frozen=True)
class Command:
    """What is run, with what over this process's environment; None takes a name away."""

    words: Sequence[str]
    env: Mapping[str, str | None] = field(default_factory=dict)
    announcement: Announcement = own_announcement


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

    Everything else that it says goes to `log`. Raises PartFailed with the end of that log.
    """
    return launch(name, Command(command, env or {}, announcement), log=log).wait(timeout_s)


@dataclass
class Launch:
    """A part that has been started and is not known to be ready yet."""

    process: Process
    log: Path
    began_at: int  # byte of the log
    said: "Queue[dict[str, str]]"

    def wait(self, timeout_s: float = 60.0) -> Process:
        """Until it is ready. Raises PartFailed; then it has ended."""
        if not self._announced(timeout_s):
            silent = not self.process.ended
            self.process.popen.terminate()
            self.process.wait(grace_s=1)
            how = f"said nothing for {timeout_s:.0f} s" if silent else "did not start"
            words = last_words(self.log, since=self.began_at) or "(nothing)"
            raise PartFailed(
                f"{self.process.name} {how}. Its last words, of {self.log}:\n\n{words}"
            )
        return self.process

    def _announced(self, timeout_s: float) -> bool:
        waited_s = 0.0
        while waited_s < timeout_s:
            try:
                self.process.ready = self.said.get(timeout=0.1)
            except Empty:
                waited_s += 0.1
                if self.process.ended and self.said.empty():
                    return False
            else:
                return True
        return False


def launch(name: str, command: Command, *, log: Path) -> Launch:
    """Start it and come back at once."""
    log.parent.mkdir(parents=True, exist_ok=True)
    rotate(log)
    with log.open("a", encoding="utf-8") as stderr:
        began_at = stderr.tell()
        popen = subprocess.Popen(
            command.words,
            cwd=ROOT,
            env=_environment(command.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # Ctrl-C is for whoever started it, who ends parts in order
        )
    said: Queue[dict[str, str]] = Queue()
    following = threading.Thread(
        target=_follow,
        args=(popen, log, said, command.announcement),
        daemon=True,
        name=f"{name}-output",
    )
    following.start()
    return Launch(Process(name, popen), log, began_at, said)


def rotate(log: Path, largest: int = LARGEST_LOG) -> None:
    """A log that grew too large is kept once as `<name>.log.old`, and begun anew."""
    if log.exists() and log.stat().st_size > largest:
        log.replace(log.with_name(f"{log.name}.old"))


def reached_directly(env: Mapping[str, str]) -> dict[str, str]:
    """What to add where a proxy is set: it knows nothing of this machine's own addresses."""
    known = env.get("no_proxy") or env.get("NO_PROXY") or ""
    names = [name for name in known.split(",") if name]
    names += [name for name in ("127.0.0.1", "localhost") if name not in names]
    return {"no_proxy": ",".join(names), "NO_PROXY": ",".join(names)}


def _environment(more: Mapping[str, str | None]) -> dict[str, str]:
    merged: dict[str, str | None] = {**os.environ, "PYTHONUNBUFFERED": "1", **more}
    return {name: value for name, value in merged.items() if value is not None}


def _follow(
    popen: subprocess.Popen[str],
    log: Path,
    said: "Queue[dict[str, str]]",
    announcement: Announcement,
) -> None:
    """What a part prints has no time of its own, as its log lines have, so it gets one."""
    if popen.stdout is None:
        return
    with popen.stdout, log.open("a", encoding="utf-8") as file:
        for line in popen.stdout:
            announced = announcement(line)
            if announced is not None:
                said.put(announced)
            else:
                now = datetime.now(UTC).isoformat(timespec="milliseconds")
                file.write(f"{now} {line}")
                file.flush()
