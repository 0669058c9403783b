"""Parts that outlived their supervisor: found by what was noted of them, and ended."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import psutil

from local.supervision.state import orphans

GRACE_S = 25.0  # as long as the app may take to finish what runs in it
LOOK_EVERY_S = 0.05


def end_orphans(
    state: dict[str, Any] | None, told: Callable[[str], None], grace_s: float = GRACE_S
) -> list[str]:
    """Their names. Only a process that is the one that was noted is ended."""
    found = orphans(state)
    if not found:
        return []
    theirs = [child for process in found.values() for child in _children(process)]
    for process in found.values():
        _tell(process.terminate)
    wait(list(found.values()), grace_s)
    for process in [*found.values(), *theirs]:
        if _runs(process):
            _tell(process.kill)
    wait([*found.values(), *theirs], grace_s)
    names = sorted(found)
    told(f"Parts that a killed supervisor had left were ended: {', '.join(names)}.")
    return names


def wait(processes: Sequence[psutil.Process], grace_s: float) -> bool:
    """Whether they ended in time. A zombie has ended, also where nobody ever collects it."""
    deadline = time.monotonic() + grace_s
    while any(_runs(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_EVERY_S)
    return True


def _runs(process: psutil.Process) -> bool:
    """It, and not another with its pid, which psutil knows by its begin."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _tell(do: Callable[[], None]) -> None:
    with suppress(psutil.Error):  # it has gone meanwhile
        do()
