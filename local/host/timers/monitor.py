"""When a timer last ran and when it is due, in a file that outlives the host."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Status:
    """`schedule` is the expression that `due` was reckoned with; `last` is None before any run."""

    schedule: str
    last: datetime | None
    due: datetime
    updated: datetime


class Monitor:
    """The record of one function."""

    def __init__(self, folder: Path, function: str) -> None:
        self._file = folder / f"{function}.json"

    def read(self) -> Status | None:
        """None where nothing, or nothing readable, was left."""
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
            return Status(
                schedule=found["schedule"],
                last=datetime.fromisoformat(found["last"]) if found["last"] else None,
                due=datetime.fromisoformat(found["due"]),
                updated=datetime.fromisoformat(found["updated"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, status: Status) -> None:
        """Replace the record as a whole: a power cut leaves the old one or the new one."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        document = {
            "schedule": status.schedule,
            "last": status.last.isoformat() if status.last else None,
            "due": status.due.isoformat(),
            "updated": status.updated.isoformat(),
        }
        fresh.write_text(json.dumps(document), encoding="utf-8")
        os.replace(fresh, self._file)
