"""A local Azure in the background, and what it notes of itself."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.local.cli import Said, local


@dataclass
class Up:
    """One that was started with every option there is."""

    home: Path
    said: Said

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(state_file(self.home).read_text(encoding="utf-8"))
        return found

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(local(self.home, "status", "--json").out)
        return found

    def part(self, name: str) -> dict[str, Any]:
        (found,) = [part for part in self.state["parts"] if part["name"] == name]
        return dict(found)


def state_file(home: Path) -> Path:
    return home / ".local" / "state.json"


def lives(pid: int) -> bool:
    """A pid may be given to somebody else at once, and whoever ended may not be waited for."""
    try:
        process = psutil.Process(pid)
        ours = any("local." in word or "azurite" in word for word in process.cmdline())
        return ours and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def kill(pid: int) -> None:
    process = psutil.Process(pid)
    process.kill()
    process.wait(10)
