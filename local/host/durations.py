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
