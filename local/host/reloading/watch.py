"""Which files of an app have changed: their times and sizes, looked at again and again."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

Stamp = tuple[int, int]
CODE = ".py"


class Watch:
    """Watches single files, and folders for Python files below them."""

    def __init__(self, places: Iterable[Path]) -> None:
        self._places = tuple(dict.fromkeys(str(place) for place in places))
        self._seen = dict(self._look())

    def changed(self) -> list[str]:
        """What was written, added or removed since the last look."""
        now = dict(self._look())
        before, self._seen = self._seen, now
        known = now.keys() | before.keys()
        return sorted(path for path in known if now.get(path) != before.get(path))

    def doubt(self, since_ns: int) -> None:
        """Whatever was written since then is to be found changed at the next look."""
        self._seen = {path: stamp for path, stamp in self._seen.items() if stamp[0] < since_ns}

    def take_over(self, other: "Watch") -> None:
        """Compare with what another watch has seen, where it has."""
        self._seen |= {path: stamp for path, stamp in other.seen.items() if path in self._seen}

    @property
    def seen(self) -> dict[str, Stamp]:
        """The last look."""
        return self._seen

    def _look(self) -> Iterator[tuple[str, Stamp]]:
        for place in self._places:
            if os.path.isdir(place):
                yield from _below(place)
            else:
                stamp = _stamp(place)
                if stamp is not None:
                    yield place, stamp


def _below(folder: str) -> Iterator[tuple[str, Stamp]]:
    """A folder that goes away while it is read is an empty one."""
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError:
        return
    for entry in found:
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.name.endswith(CODE):
            stamp = _stamp(entry.path)
            if stamp is not None:
                yield entry.path, stamp
        elif entry.is_dir():
            yield from _below(entry.path)


def _stamp(path: str) -> Stamp | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
