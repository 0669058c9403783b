"""Asks each dependency whether it answers, all at once and not too often."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from functions.operations.domain import Finding

PATIENCE_S = 3.0
FRESH_S = 2.0  # anybody may ask; the dependencies should not feel it


@dataclass(frozen=True)
class Probe:
    """One question to one dependency; raising means no."""

    name: str
    required: bool
    ask: Callable[[], Awaitable[object]]


class Readiness:
    """The last findings, or new ones."""

    def __init__(self, probes: Sequence[Probe]) -> None:
        self._probes = probes
        self._found: list[Finding] = []
        self._found_at = float("-inf")
        self._turn = asyncio.Lock()

    async def findings(self) -> list[Finding]:
        async with self._turn:
            if time.monotonic() - self._found_at > FRESH_S:
                self._found = await asyncio.gather(*(_finding(probe) for probe in self._probes))
                self._found_at = time.monotonic()
            return self._found


async def _finding(probe: Probe) -> Finding:
    began = time.perf_counter()
    detail = None
    try:
        async with asyncio.timeout(PATIENCE_S):
            await probe.ask()
    except Exception as error:  # noqa: BLE001 - whatever it says, it is not well
        detail = type(error).__name__
    latency_ms = round((time.perf_counter() - began) * 1000, 1)
    return Finding(probe.name, probe.required, detail is None, latency_ms, detail)
