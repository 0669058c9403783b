"""DATETIMEFORMAT's little language: runs of a letter stand for parts, a backslash for itself."""

import re
from collections.abc import Callable
from datetime import datetime

from local.cosmos.query.functions.moments import TICKS_IN_A_SECOND, Ticks, moment_of

_PIECE = re.compile(r"\\(.)|(y+|M+|d+|H+|h+|m+|s+|f+|F+|t+)|(.)", re.DOTALL)
_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_NAMED = 3  # letters from which on a month or a day has its name, shortened to as many


def formatted(ticks: Ticks, pattern: str) -> str:
    """The moment as `pattern` says. Letters that mean nothing stand for themselves."""
    moment = moment_of(ticks)
    fraction = f"{ticks % TICKS_IN_A_SECOND:07}"

    def piece(match: re.Match[str]) -> str:
        escaped, run, other = match.groups()
        if run is None:
            return str(escaped if escaped is not None else other)
        if run[0] in "fF":
            digits = fraction[: len(run)]
            return digits if run[0] == "f" else digits.rstrip("0")
        return _PARTS[run[0]](moment, len(run))

    return _PIECE.sub(piece, pattern)


def _padded(value: int, width: int) -> str:
    return f"{value:0{min(width, 2)}}"


def _year(moment: datetime, width: int) -> str:
    return _padded(moment.year % 100, width) if width < _NAMED else f"{moment.year:0{width}}"


def _name(names: str, index: int, width: int) -> str:
    name = names.split()[index]
    return name[:_NAMED] if width == _NAMED else name


def _month(moment: datetime, width: int) -> str:
    if width < _NAMED:
        return _padded(moment.month, width)
    return _name(_MONTHS, moment.month - 1, width)


def _day(moment: datetime, width: int) -> str:
    return _padded(moment.day, width) if width < _NAMED else _name(_DAYS, moment.weekday(), width)


_PARTS: dict[str, Callable[[datetime, int], str]] = {
    "y": _year,
    "M": _month,
    "d": _day,
    "H": lambda moment, width: _padded(moment.hour, width),
    "h": lambda moment, width: _padded((moment.hour + 11) % 12 + 1, width),
    "m": lambda moment, width: _padded(moment.minute, width),
    "s": lambda moment, width: _padded(moment.second, width),
    "t": lambda moment, width: ("AM" if moment.hour < 12 else "PM")[: min(width, 2)],
}
