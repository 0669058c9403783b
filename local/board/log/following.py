"""Keeps the index up with the files, and tells those who wait for new lines."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from local.board.log.index import LogIndex
from local.board.log.line import EPOCH, Line
from local.board.log.parsing import MICROSECOND, Before, parsed
from local.board.log.tail import Tail, Tails

LOOK_EVERY_S = 0.2
AT_A_TIME = 500  # lines, before others have a turn

Clock = Callable[[], datetime]


@dataclass
class Following:
    """One task reads; any number may wait."""

    tails: Tails
    index: LogIndex
    clock: Clock
    closing: bool = False
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    _before: dict[str, Before] = field(default_factory=dict)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def run(self) -> None:
        """What is there, and then what is new, until it is cancelled."""
        await self.begin()
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def begin(self) -> None:
        """Read what is there, in the order of its times across all files."""
        found: list[Line] = []
        for part, tail in self.tails.current():
            before = Before(_changed_at(tail, self._now_us()))
            for count, raw in enumerate(tail.lines()):
                line = parsed(part, raw, before)
                before = Before(line.at_us, line.level)
                found.append(line)
                await _turn(count)
            self._before[part] = before
        found.sort(key=lambda line: line.at_us)
        for count, line in enumerate(found):
            self.index.add(line, self._now_us())
            await _turn(count)
        self.begun.set()

    async def look(self) -> int:
        """Read what is new; how many lines there were."""
        count = 0
        for part, tail in self.tails.current():
            for raw in tail.lines():
                level = self._before.get(part, Before(0)).level
                line = self.index.read(part, raw, Before(self._now_us(), level), self._now_us())
                self._before[part] = Before(line.at_us, line.level)
                count += 1
                await _turn(count)
        if count:
            await self._tell()
        return count

    async def wait_beyond(self, last_id: int, patience_s: float) -> bool:
        """Whether there is a newer line, before patience ends."""
        try:
            async with asyncio.timeout(patience_s), self._changed:
                await self._changed.wait_for(lambda: self.index.last_id > last_id or self.closing)
        except TimeoutError:
            return False
        return not self.closing

    async def close(self) -> None:
        self.closing = True
        await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _now_us(self) -> int:
        return (self.clock() - EPOCH) // MICROSECOND


def _changed_at(tail: Tail, otherwise: int) -> int:
    try:
        return int(tail.path.stat().st_mtime * 1_000_000)
    except OSError:
        return otherwise


async def _turn(count: int) -> None:
    if count % AT_A_TIME == 0:
        await asyncio.sleep(0)
