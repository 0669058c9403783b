"""The local Azure in the background: started, found again, ended. One per clone."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path

import psutil

from local import summary
from local.azure import LocalAzure
from local.configuration import data_folder, home
from local.ports import Ports, PortTaken, free_ports, must_be_free
from local.process import ROOT, PartFailed
from local.setting_up import first_administrator

DATA = data_folder()
STATE = DATA / "state.json"
FREE = "--free-ports"
LEFTOVERS = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache")


def up(*, free: bool) -> int:
    """Start a supervisor of our own and wait until it has shown its board."""
    if running():
        print("The local Azure runs already.")
        return status()
    command = [sys.executable, "-m", "local.supervisor", *([FREE] if free else [])]
    log = DATA / "logs" / "supervisor.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as output:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    while child.poll() is None and not _state_of(child.pid):
        time.sleep(0.2)
    print(log.read_text(encoding="utf-8").strip())
    return 0 if child.poll() is None else 1


def serve(*, free: bool) -> int:
    """Start everything here, show the board, end everything at Ctrl-C or `down`."""
    if running():
        print("The local Azure runs already.", file=sys.stderr)
        return 1
    ended = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: ended.set())
    ports = free_ports() if free else Ports()
    azure = LocalAzure(DATA, ports)
    try:
        must_be_free(ports)
        azure.start(summary.progress)
    except (PortTaken, PartFailed) as failed:
        print(f"\n{failed}", file=sys.stderr)
        return 1
    try:
        administrator = first_administrator(azure.base_url, azure.keys.master_key)
        print(summary.board(azure, administrator), flush=True)
        _remember(azure)
        ended.wait()
    finally:
        STATE.unlink(missing_ok=True)
        azure.stop()
    return 0


def down() -> int:
    """Ask our own supervisor to end; nobody else's process is touched."""
    process = running()
    if process is None:
        print("The local Azure does not run.")
        return 0
    process.terminate()
    process.wait(timeout=60)
    print("The local Azure has ended.")
    return 0


def status() -> int:
    """0 when it runs."""
    if running() is None:
        print("The local Azure does not run. `python -m local up` starts it.")
        return 1
    print(summary.remembered(json.loads(STATE.read_text(encoding="utf-8"))))
    return 0


def clean() -> int:
    down()
    for folder in (DATA, *(home() / name for name in LEFTOVERS)):
        shutil.rmtree(folder, ignore_errors=True)
    print("Its data is deleted.")
    return 0


def running() -> psutil.Process | None:
    """Our supervisor, if it lives: a pid may be somebody else's by now, so its start counts."""
    try:
        state = json.loads(STATE.read_text(encoding="utf-8"))
        process = psutil.Process(state["pid"])
        return process if process.create_time() == state["started"] else None
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return None


def _state_of(pid: int) -> bool:
    process = running()
    return process is not None and process.pid == pid


def _remember(azure: LocalAzure) -> None:
    state = {
        "pid": os.getpid(),
        "started": psutil.Process().create_time(),
        "ports": asdict(azure.ports),
        "urls": {name: process.ready["url"] for name, process in azure.processes.items()},
        "pids": {name: process.popen.pid for name, process in azure.processes.items()},
    }
    partial = Path(f"{STATE}.new")
    partial.write_text(json.dumps(state, indent=2), encoding="utf-8")
    partial.replace(STATE)


if __name__ == "__main__":  # what `up` leaves in the background
    sys.exit(serve(free=FREE in sys.argv))
