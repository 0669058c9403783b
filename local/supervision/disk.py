"""Whether a folder can hold the local Azure's data: it can be written, and there is room."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

from local.refusals import CannotStart

LEAST_FREE = 100 * 1024 * 1024
MIB = 1024 * 1024
FULL = {errno.ENOSPC, errno.EDQUOT}


def must_hold(
    data: Path, free: Callable[[Path], int] = lambda at: shutil.disk_usage(at).free
) -> None:
    """Makes the folder. Raises CannotStart."""
    probe = data / ".probe"
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"?" * 4096)
        probe.unlink()
        left = free(data)
    except OSError as error:
        raise unwritable(error, data) from error
    if left < LEAST_FREE:
        raise CannotStart(
            f"The disk of {data} is full: {left // MIB} MiB are free, and "
            f"{LEAST_FREE // MIB} are needed. Make room, or name another folder with "
            "LOCAL_AZURE_HOME."
        )


def unwritable(error: OSError, at: Path | None = None) -> CannotStart:
    """What the system said, with the remedy."""
    where = at or error.filename or "A file"
    if error.errno in FULL:
        return CannotStart(
            f"{where} cannot be written: the disk is full. Make room, or name another folder with "
            "LOCAL_AZURE_HOME."
        )
    return CannotStart(
        f"{where} cannot be written: {error.strerror}. Make it yours to write, or name another "
        "folder with LOCAL_AZURE_HOME."
    )
