"""What is added to logs while somebody looks on, also after a restart or a rotation."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from local.logs.lines import Line, read
from local.logs.reading import files

LOOK_EVERY_S = 0.2


class _Followed:
    """One file, from where it ends now or, if it is new, from its begin."""

    def __init__(self, part: str, path: Path, *, from_begin: bool) -> None:
        self._part = part
        self._path = path
        self._stream: BinaryIO | None = None
        self._rest = b""
        self._latest: datetime | None = None
        self._open(from_begin=from_begin)

    def added(self) -> list[Line]:
        """Whole lines only; what is not ended yet comes later."""
        lines = self._read()
        if self._is_another():
            self.close()
            self._open(from_begin=True)
            lines += self._read()
        return lines

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
        self._stream, self._rest = None, b""

    def _open(self, *, from_begin: bool) -> None:
        try:
            self._stream = self._path.open("rb")
        except OSError:
            return
        if not from_begin:
            self._stream.seek(0, 2)

    def _read(self) -> list[Line]:
        if self._stream is None:
            return []
        self._latest = None
        *whole, self._rest = (self._rest + self._stream.read()).split(b"\n")
        return [self._line(text.decode("utf-8", errors="replace")) for text in whole]

    def _line(self, text: str) -> Line:
        """Without a time of its own, it was said with the line before it, or else just now."""
        line = read(self._part, text, self._latest or datetime.now(UTC))
        self._latest = line.at
        return line

    def _is_another(self) -> bool:
        """Truncated, or put aside and begun anew."""
        try:
            now = self._path.stat()
        except OSError:
            return False
        if self._stream is None:
            return True
        known = os.fstat(self._stream.fileno())
        return (now.st_ino, now.st_dev) != (known.st_ino, known.st_dev) or (
            now.st_size < self._stream.tell()
        )


class Following:
    """All logs of a folder, or those of one part; new ones are found."""

    def __init__(self, folder: Path, part: str | None = None) -> None:
        self._folder = folder
        self._part = part
        self._followed: dict[str, _Followed] = {}
        self._find(from_begin=False)

    def added(self) -> list[Line]:
        """Since it was last asked, in the order of time."""
        self._find(from_begin=True)
        lines = [line for each in self._followed.values() for line in each.added()]
        return sorted(lines, key=lambda line: line.when)

    def close(self) -> None:
        for each in self._followed.values():
            each.close()

    def wait(self) -> None:
        time.sleep(LOOK_EVERY_S)

    def _find(self, *, from_begin: bool) -> None:
        for part, file in files(self._folder, self._part).items():
            if part not in self._followed:
                self._followed[part] = _Followed(part, file, from_begin=from_begin)
