"""The inline constraints of route templates, such as `{id:int}`: does a segment satisfy one?

Names and ranges are ASP.NET Core's. Constraints with arguments are not served.
"""

import re
from collections.abc import Callable
from datetime import datetime

GUID = re.compile(r"\{?[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}?")
INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
ALPHA = re.compile(r"[A-Za-z]*")


def _fits(bits: int) -> Callable[[str], bool]:
    bound = 2 ** (bits - 1)
    return lambda text: INTEGER.fullmatch(text) is not None and -bound <= int(text) < bound


def _is_datetime(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


CONSTRAINTS: dict[str, Callable[[str], bool]] = {
    "int": _fits(32),
    "long": _fits(64),
    "guid": _matches(GUID),
    "bool": lambda text: text.lower() in {"true", "false"},
    "alpha": _matches(ALPHA),
    "decimal": _matches(NUMBER),
    "double": _matches(NUMBER),
    "float": _matches(NUMBER),
    "datetime": _is_datetime,
}
