"""What one asks of a local Azure in the background: up, down, status, open."""

import json
import subprocess
import sys
import webbrowser
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psutil

from local.configuration import data_folder, state_file
from local.parts import TITLES
from local.process import ROOT
from local.supervision import only_one, summary
from local.supervision.options import Options
from local.supervision.orphans import end_orphans, wait
from local.supervision.state import alive, parts_of, read
from local.supervision.terminal import has_colours

GRACE_S = 60.0
SHOWN = ("name", "title", "url", "pid", "state", "restarts", "since")
ORDER = list(TITLES)
NOT_RUNNING = "The local Azure does not run."
START_IT = f"{NOT_RUNNING} `python3 -m local up` starts it."


def up(options: Options) -> int:
    """Start a supervisor in the background and show what it says until everything runs."""
    if running() is not None:
        print("The local Azure runs already; other options need a `down` first.")
        return status()
    words = replace(options, detached=True).words()
    child = subprocess.Popen(
        [sys.executable, "-m", "local.supervision.supervisor", *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        for line in child.stdout or ():
            print(line, end="", flush=True)
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        print("\nEnded before everything ran; nothing is left.", file=sys.stderr)
        return 130
    state = read(state_file()) or {}
    if state.get("pid") == child.pid and state.get("state") == "running":
        return 0
    return child.wait() or 1


def down() -> int:
    """Ask our own supervisor to end, and end what one that was killed has left."""
    process, state = running(), read(state_file())
    if process is not None and not _ended(process):
        print(f"Process {process.pid} belongs to {process.username()}, who may end it.")
        return 1
    left = end_orphans(read(state_file()) or state, print)
    state_file().unlink(missing_ok=True)
    print("The local Azure has ended." if process or left else NOT_RUNNING)
    return 0


def _ended(process: psutil.Process) -> bool:
    """False when it is not ours to end."""
    try:
        process.terminate()
        if not wait([process], GRACE_S):
            process.kill()
    except psutil.AccessDenied:
        return False
    except psutil.NoSuchProcess:
        pass  # it was faster than we are
    return True


def status(*, as_json: bool = False) -> int:
    """0 only when everything runs."""
    found = seen()
    if as_json:
        print(json.dumps(found, indent=2))
    elif not found["parts"] and found["pid"] is None:
        print(START_IT)
    else:
        print(summary.remembered(found, datetime.now(UTC), colours=has_colours()))
        if found["pid"] is None:
            print("\nIts supervisor was killed. `python3 -m local down` ends what is left of it.")
    return 0 if found["state"] == "running" else 1


def seen() -> dict[str, Any]:
    """What was noted, held against what runs: pid, state, app, board, parts."""
    state, process = read(state_file()), running()
    parts = []
    for each in sorted(parts_of(state), key=lambda part: _place(part["name"])):
        lives = alive(each) is not None
        if process is None and not lives:
            continue
        shown = each["state"] if lives or each["state"] == "restarting" else "down"
        parts.append({**{name: each[name] for name in SHOWN}, "state": shown})
    if process is None:
        return {"pid": None, "state": "down", "app": None, "board": None, "parts": parts}
    noted = state or {}
    whole = noted.get("state", "starting")
    if whole == "running" and any(part["state"] != "running" for part in parts):
        whole = "degraded"
    return {
        "pid": process.pid,
        "state": whole,
        "app": noted.get("app"),
        "board": noted.get("board"),
        "parts": parts,
    }


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def open_board() -> int:
    """In a browser."""
    url = seen()["board"]
    if url is None:
        print(START_IT, file=sys.stderr)
        return 1
    print(url, flush=True)
    if not webbrowser.open(url):
        print("No browser could be started; open that address yourself.", file=sys.stderr)
    return 0


def running() -> psutil.Process | None:
    """Our supervisor, if it lives: a pid may be somebody else's by now, so its begin counts.

    Where its note is broken, it is still the one that holds the lock.
    """
    process = alive(read(state_file()))
    if process is None and (pid := only_one.holder(data_folder())) is not None:
        with suppress(psutil.Error):
            return psutil.Process(pid)
    return process


def noted() -> dict[str, Any] | None:
    """What runs says of itself; None when nothing does."""
    state = read(state_file())
    return state if alive(state) is not None else None
