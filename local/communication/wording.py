"""The sentences of the page, from one file for each language."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "languages"
LANGUAGES = ("en", "de")

Wording = Callable[..., str]


@cache
def _sentences(language: str) -> dict[str, str]:
    text = (FOLDER / f"{language}.json").read_text(encoding="utf-8")
    return {key: str(sentence) for key, sentence in json.loads(text).items()}


def wording(language: str) -> Wording:
    """A function of key and values. A `count` of 1 takes the sentence `{key}.one`, if any."""
    sentences = _sentences(language)

    def say(key: str, /, **values: object) -> str:
        one = f"{key}.one"
        chosen = one if values.get("count") == 1 and one in sentences else key
        return sentences[chosen].format(**values) if values else sentences[chosen]

    return say


def language_of(accepted: str, asked: str = "") -> str:
    """The asked one, else the first of `Accept-Language` that there is, else English."""
    if asked in LANGUAGES:
        return asked
    for part in accepted.split(","):
        language = part.split(";")[0].strip().lower().split("-")[0]
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]
