"""`python -m local logs [part] [-f] [-n 100] [--correlation-id ID]`, in a terminal or a pipe."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from local.logs.following import Following
from local.logs.lines import About, Line, shown
from local.logs.reading import files, newest
from local.supervision.terminal import PREFIXES, has_colours, painted

LINES = 100


def main(arguments: Sequence[str], folder: Path) -> int:
    """0 when there is something to show."""
    chosen = _parser().parse_args(arguments)
    known = files(folder)
    if chosen.part is not None and chosen.part not in known:
        there = ", ".join(known) or "none yet: nothing was started"
        print(f"There is no log of {chosen.part!r}. There are: {there}.", file=sys.stderr)
        return 1
    if not known and not chosen.follow:
        print(f"No logs are in {folder}: nothing was started yet.", file=sys.stderr)
        return 1
    try:
        _show(chosen, folder, Prefix(known, named=chosen.part is None))
    except (KeyboardInterrupt, BrokenPipeError):
        _leave_quietly()
    return 0


def _show(chosen: argparse.Namespace, folder: Path, prefix: "Prefix") -> None:
    following = Following(folder, chosen.part) if chosen.follow else None
    _print(newest(files(folder, chosen.part), chosen.lines, chosen.correlation_id), prefix)
    if following is None:
        return
    concerns = _concerning(chosen.correlation_id)
    try:
        while True:
            _print(filter(concerns, following.added()), prefix)
            following.wait()
    finally:
        following.close()


def _concerning(correlation_id: str | None) -> Callable[[Line], bool]:
    return About(correlation_id).concerns if correlation_id else lambda _: True


def _print(lines: Iterable[Line], prefix: "Prefix") -> None:
    for line in lines:
        sys.stdout.write(prefix.before(line.part) + shown(line, colours=prefix.colours) + "\n")
    sys.stdout.flush()


def _leave_quietly() -> None:
    """Whoever read us may have enough; Python would complain of it when it ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Prefix:
    """Which part says it, each in its colour, when there are several."""

    def __init__(self, parts: Iterable[str], *, named: bool) -> None:
        self.colours = has_colours()
        self._named = named
        self._order = list(parts)
        self._width = max([len(part) for part in self._order] + [len("communication")])

    def before(self, part: str) -> str:
        if not self._named:
            return ""
        if part not in self._order:
            self._order.append(part)
        colour = PREFIXES[self._order.index(part) % len(PREFIXES)]
        return painted(f"{part:{self._width}} ", colour, on=self.colours)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local logs")
    parser.add_argument("part", nargs="?", help="cosmos, host, ...; without: all, by time")
    parser.add_argument("-f", "--follow", action="store_true", help="go on until Ctrl-C")
    parser.add_argument(
        "-n", "--lines", type=int, default=LINES, help=f"how many of the last ({LINES})"
    )
    parser.add_argument(
        "--correlation-id", metavar="ID", help="what belongs to one request or event"
    )
    return parser
