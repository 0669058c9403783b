"""Durations as .NET writes them in host.json: `[days.]hh:mm:ss`."""

import re

TIMESPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(\.\d+)?")


def seconds(text: str) -> float:
    """Raises ValueError for anything that is not a positive time span."""
    match = TIMESPAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a time span such as 00:05:00")
    days, hours, minutes, whole, fraction = match.groups()
    clock_s = int(hours) * 3600 + int(minutes) * 60 + int(whole)
    return int(days or 0) * 86400 + clock_s + float(fraction or 0)


def text(span_s: float) -> str:
    """The time span as .NET writes it."""
    whole = int(span_s)
    days, rest = divmod(whole, 86400)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    fraction = f".{round((span_s - whole) * 1e7):07d}" if span_s != whole else ""
    return (f"{days}." if days else "") + clock + fraction
