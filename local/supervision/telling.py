"""What the supervisor says: to whoever looks on, and to its log."""

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from local.process import rotate


@dataclass
class Told:
    """One line of what happens: for who looks on, and for the log."""

    log: Path

    @classmethod
    def to(cls, log: Path) -> Self:
        log.parent.mkdir(parents=True, exist_ok=True)
        rotate(log)
        return cls(log)

    def __call__(self, line: str) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        with suppress(OSError), self.log.open("a", encoding="utf-8") as file:
            file.write(f"{now} {line}\n")
        show(f"  {line}", sys.stdout.fileno())


def show(text: str, descriptor: int) -> None:
    """Whoever looked on may have gone, and that is no reason to end."""
    with suppress(OSError):
        os.write(descriptor, f"{text}\n".encode(errors="replace"))


def detach() -> None:
    """Whoever waits for the end of our output waits no longer."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
