"""One supervisor for each data folder: a lock that ends with its holder, however that ends."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.refusals import CannotStart

NAME = "supervisor.lock"
ATTEMPTS = 10
AGAIN_AFTER_S = 0.02


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Raises CannotStart while another holds it."""
    with (data / NAME).open("a+", encoding="utf-8") as lock:
        if not _locked_soon(lock.fileno()):
            lock.seek(0)
            raise CannotStart(
                f"The local Azure of {data} runs, starts or ends already, by process "
                f"{lock.read().strip() or '(unknown)'}. `python3 -m local status` shows it."
            )
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def holder(data: Path) -> int | None:
    """The process that has it, also where nothing else is known of it."""
    try:
        with (data / NAME).open("r+", encoding="utf-8") as lock:
            return None if _locked(lock.fileno()) else int(lock.read())
    except (OSError, ValueError):
        return None


def _locked_soon(descriptor: int) -> bool:
    """Whoever only looks who has it, has it for a moment too."""
    for _ in range(ATTEMPTS):
        if _locked(descriptor):
            return True
        time.sleep(AGAIN_AFTER_S)
    return False


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
