"""What the demo shows while it plays: steps, checks, timings."""

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field


class CheckFailed(AssertionError):
    """Something that must hold does not. Says what, and what was found instead."""


@dataclass
class Show:
    """Counts what held; the first thing that does not ends the demo."""

    began: float = field(default_factory=time.monotonic)
    checks: int = 0
    timings: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, number: int, title: str) -> Generator[None]:
        print(f"\n{number}. {title}", flush=True)
        began = time.monotonic()
        yield
        self.timings[title] = time.monotonic() - began
        print(f"   {self.timings[title]:.1f} s", flush=True)

    def check(self, what: str, holds: object, found: object = None) -> None:
        """Raises CheckFailed."""
        if not holds:
            print(f"   ✗ {what}", flush=True)
            raise CheckFailed(f"{what}; found {found!r}")
        self.checks += 1
        mark = "✓" if (sys.stdout.encoding or "").lower().startswith("utf") else "ok"
        print(f"   {mark} {what}", flush=True)

    def note(self, text: str) -> None:
        print(f"     {text}", flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began
