"""What only one host at a time may do on the same data: a lock that ends with its process.

Azure holds such locks as leases in the storage account; here they are locked files.
"""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from local.host import logs
from local.host.stopping import Stop

LOOK_AGAIN_S = 0.5

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Singletons:
    """The locks of one data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @asynccontextmanager
    async def held(self, name: str, stop: Stop) -> AsyncIterator[bool]:
        """Hold the lock `name` for the block, waiting for it; False when the host stops first."""
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            yield await _locked(descriptor, name, stop)
        finally:
            os.close(descriptor)


async def _locked(descriptor: int, name: str, stop: Stop) -> bool:
    said = False
    while not stop.asked:
        try:
            _lock(descriptor)
        except OSError:
            if not said:
                logs.say("another host runs this function", function=name)
                said = True
            await stop.sleep(LOOK_AGAIN_S)
        else:
            return True
    return False
