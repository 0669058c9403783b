"""Colours for people who look at a terminal, and plain text for everybody else."""

import os
import sys
from typing import TextIO

CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
PREFIXES = ("36", "35", "33", "32", "34", "96", "95", "93", "92", "94")


def has_colours(stream: TextIO | None = None) -> bool:
    """Not where nobody asked for them: https://no-color.org."""
    stream = stream or sys.stdout
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


def painted(text: str, colour: str, *, on: bool) -> str:
    return f"\x1b[{CODES.get(colour, colour)}m{text}\x1b[0m" if on else text
