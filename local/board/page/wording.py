"""The languages of the board. Every sentence that people see is in `messages/`."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FIRST = "en"
MESSAGES = Path(__file__).parent / "messages"


@cache
def languages() -> tuple[str, ...]:
    """What there are messages in, the first one first."""
    found = sorted(path.stem for path in MESSAGES.glob("*.json"))
    return (FIRST, *(each for each in found if each != FIRST))


@cache
def wording(language: str) -> Mapping[str, str]:
    """What a language lacks is said in the first one."""
    sentences: dict[str, str] = {}
    for each in (FIRST, language):
        sentences |= json.loads((MESSAGES / f"{each}.json").read_text(encoding="utf-8"))
    return sentences


def chosen(accept_language: str, asked: str | None) -> str:
    """The one asked for, else the first of the browser's that there is, else ours."""
    listed = [each.partition(";")[0] for each in accept_language.split(",")[:20]]
    for each in (asked or "", *listed):
        primary = each.strip().lower().partition("-")[0]
        if primary in languages():
            return primary
    return FIRST
