"""Private keys in a folder that only its owner may read: for machines without a key vault."""

import asyncio
import os
from pathlib import Path

from shared.identity.keyring import KeptKey

SUFFIX = ".key.json"


class KeyFiles:
    """One file for each key, so that several processes need no lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def all(self) -> list[KeptKey]:
        return await asyncio.to_thread(self._all)

    async def add(self, key: KeptKey) -> None:
        await asyncio.to_thread(self._add, key)

    async def remove(self, key_id: str) -> None:
        self._file(key_id).unlink(missing_ok=True)

    def _all(self) -> list[KeptKey]:
        found = sorted(self._folder.glob(f"*{SUFFIX}"))
        return [KeptKey.model_validate_json(file.read_bytes()) for file in found]

    def _add(self, key: KeptKey) -> None:
        """Whole or not at all, and never readable to others, not for a moment."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._folder / f".{key.id}.new"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(key.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file(key.id))

    def _file(self, key_id: str) -> Path:
        return self._folder / f"{key_id}{SUFFIX}"
