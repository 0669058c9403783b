"""The parent of `--reload`: holds the socket, watches the app, and replaces its child.

It imports what the app's libraries are, but never the app: a fork of it has everything that is slow
to load, and loads only the code that may have changed. The socket stays open throughout, so a
request that comes in between waits and is not refused.
"""

import contextlib
import json
import os
import select
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO

from local.host import logs, serving
from local.host.failures import IndexFailed
from local.host.host import Options
from local.host.http_server import BACKLOG
from local.host.reloading import bytecode, child, loaded
from local.host.reloading.watch import Watch

LOOK_EVERY_S = 0.1
SETTLED_S = 0.02  # an editor writes several files, or one in several steps


@dataclass
class Child:
    """A process that serves, or is about to."""

    pid: int
    line: socket.socket
    began: float
    forked_ns: int
    heard: bytes = b""

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, or insist."""
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return


class Parent:
    """Serves until it is asked to end, or its serving child ends by itself."""

    def __init__(self, options: Options, port: int, said: TextIO) -> None:
        self._options = options
        self._port = port
        self._said = said
        self._listening = socket.socket()
        self._fixed = [
            options.app_dir / "function_app.py",
            options.app_dir / "host.json",
            options.settings,
        ]
        self._watch = Watch(self._fixed)
        self._serving: Child | None = None
        self._coming: Child | None = None
        self._leaving: dict[int, Child] = {}
        self._asked = False

    def run(self) -> int:
        """The code with which the process is to end."""
        try:
            self._open()
        except serving.REFUSALS as error:
            return serving.refused(self._options.app_dir, error)
        logs.to_stderr("INFO")
        bytecode.keep_in(self._options.data_dir)
        self._coming = self._fork()
        ended: int | None = None
        while ended is None:
            self._wait()
            ended = self._reaped()
            if self._asked and ended is None:
                return self._end()
            if ended is None and (changed := self._watch.changed()):
                self._renew(changed)
        self._end()
        return ended

    def _open(self) -> None:
        if not hasattr(os, "fork"):
            raise IndexFailed("--reload needs a system that can fork a process.")
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listening.bind(("127.0.0.1", self._port))
        self._listening.listen(BACKLOG)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)  # wakes the wait below

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True

    def _fork(self) -> Child:
        ours, theirs = socket.socketpair()
        self._said.flush()
        pid = os.fork()
        if pid == 0:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            ours.close()
            child.run(self._options, self._listening, theirs)
        theirs.close()
        return Child(pid, ours, time.perf_counter(), time.time_ns())

    def _wait(self) -> None:
        """For the next look at the files, or until the new child says that it is ready."""
        lines = [self._coming.line] if self._coming else []
        ready, _, _ = select.select(lines, [], [], LOOK_EVERY_S)
        if not ready or self._coming is None:
            return
        piece = self._coming.line.recv(1 << 20)
        self._coming.heard += piece
        if self._coming.heard.endswith(b"\n"):
            self._hand_over(self._coming)

    def _hand_over(self, new: Child) -> None:
        """The old child takes no new work from here on; the new one does."""
        old, self._serving, self._coming = self._serving, new, None
        if old is not None:
            self._leaving[old.pid] = old
            old.end()
        with contextlib.suppress(OSError):  # it has ended already: the next look finds out
            new.line.sendall(child.GO)
        told = json.loads(new.heard)
        if old is None:
            url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
            ready = {"url": url, "functions": str(told["functions"])}
            print(f"ready {json.dumps(ready)}", file=self._said, flush=True)
        else:
            took_ms = round((time.perf_counter() - new.began) * 1000)
            told_of = {"functions": told["functions"], "cpu_ms": told["cpu_ms"]}
            logs.say("reloaded", **told_of, duration_ms=took_ms)
        self._watch_anew(told["places"], new.forked_ns)
        loaded.warm(told["libraries"])

    def _watch_anew(self, places: list[str], since_ns: int) -> None:
        """What changed while the child loaded is noticed at the next look all the same."""
        watch = Watch([*self._fixed, *map(Path, places)])
        watch.doubt(since_ns)
        watch.take_over(self._watch)
        self._watch = watch

    def _renew(self, changed: list[str]) -> None:
        while more := self._settled():
            changed += more
        if self._coming is not None:
            self._coming.end(signal.SIGKILL)  # it serves nothing yet
            self._leaving[self._coming.pid] = self._coming
        bytecode.forget(changed)
        self._coming = self._fork()

    def _settled(self) -> list[str]:
        """What else has changed a moment later."""
        time.sleep(SETTLED_S)
        return self._watch.changed()

    def _reaped(self) -> int | None:
        """The code of the serving child, if that has ended though nobody asked it to."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return 1
            if pid == 0:
                return None
            code = os.waitstatus_to_exitcode(status)
            if self._coming is not None and pid == self._coming.pid:
                self._coming.line.close()
                self._coming = None
                if self._serving is None:
                    return code or 1
                logs.fail("the changed code cannot be served; the code before it still is")
            elif self._serving is not None and pid == self._serving.pid:
                return code if code >= 0 else 128 - code
            left = self._leaving.pop(pid, None)
            if left is not None:
                left.line.close()

    def _end(self) -> int:
        """Every child drains; so does this process."""
        for each in (self._serving, self._coming):
            if each is not None:
                each.end()
        while True:
            try:
                os.waitpid(-1, 0)
            except ChildProcessError:
                return 0
