"""What the demo shows while it plays: steps, checks, timings."""

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO


class CheckFailed(AssertionError):
    """Something that must hold does not. Says what, and what was found instead."""


@dataclass
class Show:
    """Counts what held; the first thing that does not ends the demo. Says it on `out`."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    began: float = field(default_factory=time.monotonic)
    checks: int = 0
    timings: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, number: int, title: str) -> Generator[None]:
        self._say(f"\n{number}. {title}")
        began = time.monotonic()
        yield
        self.timings[title] = time.monotonic() - began
        self._say(f"   {self.timings[title]:.1f} s")

    def check(self, what: str, holds: object, found: object = None) -> None:
        """Raises CheckFailed."""
        if not holds:
            self._say(f"   ✗ {what}")
            raise CheckFailed(f"{what}; found {found!r}")
        self.checks += 1
        mark = "✓" if (self.out.encoding or "").lower().startswith("utf") else "ok"
        self._say(f"   {mark} {what}")

    def note(self, text: str) -> None:
        self._say(f"     {text}")

    def _say(self, line: str) -> None:
        print(line, file=self.out, flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began
