"""The languages that pages are read in. Every sentence that people see is in `messages/`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from shared.pages.places import SHARED, pages_of

FIRST = "en"


@dataclass(frozen=True)
class Catalogue:
    """The sentences of the house and of one capability, in one language."""

    language: str
    sentences: Mapping[str, str]

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.sentences["language.direction"]

    def say(self, key: str, **values: object) -> str:
        """Raises KeyError for a sentence or a value that is missing."""
        return self.sentences[key].format(**values)


@cache
def languages() -> tuple[str, ...]:
    """What there are messages in, the first one first."""
    found = sorted(path.stem for path in (SHARED / "messages").glob("*.json"))
    return (FIRST, *(each for each in found if each != FIRST))


@cache
def catalogue(capability: str, language: str) -> Catalogue:
    """What a capability lacks in a language is said in the first one."""
    sentences: dict[str, str] = {}
    for folder in (SHARED, pages_of(capability)):
        for each in (FIRST, language):
            path = folder / "messages" / f"{each}.json"
            if path.exists():
                sentences |= json.loads(path.read_text(encoding="utf-8"))
    return Catalogue(language, sentences)


@cache
def language_names() -> tuple[tuple[str, str], ...]:
    """Each language, and what it calls itself."""
    return tuple((each, catalogue("", each).sentences["language.name"]) for each in languages())


def chosen(headers: Mapping[str, str], asked: str | None = None) -> str:
    """The one asked for, else the first that the browser prefers (RFC 9110, 12.5.4), else ours."""
    wanted = [asked] if asked else []
    for each in (*wanted, *_preferred(headers.get("accept-language", ""))):
        primary = each.strip().lower().partition("-")[0]
        if primary in languages():
            return primary
    return FIRST


def _preferred(accept_language: str) -> list[str]:
    weighted: list[tuple[float, str]] = []
    for each in accept_language.split(",")[:20]:
        tag, _, weight = each.partition(";")
        quality = _quality(weight)
        if quality > 0:
            weighted.append((quality, tag))
    return [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]


def _quality(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=") or "1")
    except ValueError:
        return 0.0
