"""Tells whoever looks at the page that something changed."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class Changes:
    """`version` grows with each change; `closing` ends all waiting."""

    version: int = 0
    closing: bool = False
    _condition: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def tell(self) -> None:
        async with self._condition:
            self.version += 1
            self._condition.notify_all()

    async def close(self) -> None:
        async with self._condition:
            self.closing = True
            self._condition.notify_all()

    async def since(self, version: int, patience_s: float) -> int:
        """The version as soon as it is another, or the same when patience ends."""
        try:
            async with asyncio.timeout(patience_s), self._condition:
                await self._condition.wait_for(lambda: self.version != version or self.closing)
        except TimeoutError:
            return version
        return self.version
