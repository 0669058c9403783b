"""Follows the files of a folder: what is new in each, also when they are cut short or replaced."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

LAST_BYTES = 20 * 1024 * 1024
LAST_BYTES_OF_OTHERS = 4 * 1024 * 1024
TALKATIVE = "host"
AT_ONCE = 1024 * 1024
LONGEST_LINE = 1024 * 1024
MARK = 64


@dataclass
class Tail:
    """One file. Begins so far before its end as `last_bytes` says, at the next whole line."""

    path: Path
    last_bytes: int = LAST_BYTES
    _file: FileIO | None = None
    _inode: int = 0
    _rest: bytes = b""
    _skips: bool = False  # until the next line begins
    _mark: bytes = b""  # the last bytes that were read: they say whether it is the same file still
    _opened_before: bool = False

    def lines(self) -> Iterator[bytes]:
        """Whole lines without their ends. Safe to stop in between; the next call goes on."""
        while chunk := self._read():
            yield from self._cut(chunk)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _read(self) -> bytes:
        try:
            if self._file is not None and (chunk := self._more(self._file)):
                return chunk
            if not self._is_open_file():
                self._open()
                return self._more(self._file) if self._file else b""
        except OSError:  # gone, or not ours to read: perhaps the next time
            self.close()
        return b""

    def _more(self, file: FileIO) -> bytes:
        """What was appended. A file that was cut short, or written anew, is read from its start."""
        position = file.tell()
        if position > os.fstat(file.fileno()).st_size or not self._goes_on(file, position):
            self._begin_at(file, 0)
        chunk = file.read(AT_ONCE) or b""
        self._mark = (self._mark + chunk)[-MARK:]
        return chunk

    def _goes_on(self, file: FileIO, position: int) -> bool:
        file.seek(position - len(self._mark))
        return file.read(len(self._mark)) == self._mark

    def _is_open_file(self) -> bool:
        return self._file is not None and self.path.stat().st_ino == self._inode

    def _open(self) -> None:
        self.close()
        file = self.path.open("rb", buffering=0)  # a buffer would hold what was before
        about = os.fstat(file.fileno())
        self._file, self._inode = file, about.st_ino
        # A file that takes the place of another is new: nothing of it has been read.
        start = 0 if self._opened_before else max(0, about.st_size - self.last_bytes)
        self._begin_at(file, start)
        self._opened_before = True

    def _begin_at(self, file: FileIO, start: int) -> None:
        file.seek(start)
        self._rest, self._mark, self._skips = b"", b"", start > 0

    def _cut(self, chunk: bytes) -> Iterator[bytes]:
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        for line in whole:
            if self._skips:
                self._skips = False
            elif line.strip():
                yield line.rstrip(b"\r")
        if len(self._rest) > LONGEST_LINE:  # a line without end: its beginning must do
            if not self._skips:
                yield self._rest
            self._rest, self._skips = b"", True


@dataclass
class Tails:
    """Every `*.log` of a folder; the name before it is the part."""

    folder: Path
    _tails: dict[Path, Tail] = field(default_factory=dict)

    def current(self) -> list[tuple[str, Tail]]:
        for path in sorted(self.folder.glob("*.log")):
            if path not in self._tails:
                share = LAST_BYTES if path.stem == TALKATIVE else LAST_BYTES_OF_OTHERS
                self._tails[path] = Tail(path, share)
        return [(path.stem, tail) for path, tail in self._tails.items()]

    def close(self) -> None:
        for tail in self._tails.values():
            tail.close()
