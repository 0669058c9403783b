"""Jinja2 in its sandbox: templates and what fills them in can reach nothing of the app."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from functions.notifications.domain.channels import Channel, Locale, Template
from functions.notifications.domain.deliveries import Rendered
from functions.notifications.domain.failures import DoesNotFit
from functions.notifications.domain.segments import MOST_SEGMENTS, plain, segments
from functions.notifications.domain.wanted import Variables

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

TEMPLATES = Path(__file__).resolve().parents[1] / "pages" / "templates"
MOMENTS = {Locale.ENGLISH: "%d %B %Y, %H:%M UTC", Locale.GERMAN: "%d.%m.%Y, %H:%M UTC"}
CONTROLS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
LONGEST = 300
SHORTER = (LONGEST, 80, 40, 20, 10)
NEVER_SHORTENED = "link"


class JinjaWriter:
    """Texts from `pages/templates/<locale>/<template>.{subject,txt,html,sms}`."""

    def write(
        self, template: Template, locale: Locale, channel: Channel, words: Variables
    ) -> Rendered:
        """E-mails in text and HTML; the others in the short text, the inbox's with a title.

        Raises DoesNotFit for an SMS of more than two segments, however short names are cut.
        """
        said = {name: _said(word, locale) for name, word in words.items()}
        name = f"{locale}/{template}"
        if channel is Channel.SMS:
            return Rendered(text=_short(name, said))
        subject = _filled(f"{name}.subject", said)
        if channel is Channel.IN_APP:
            return Rendered(subject=subject, text=_filled(f"{name}.sms", said))
        return Rendered(
            subject=subject,
            text=_filled(f"{name}.txt", said),
            html=_filled(f"{name}.html", {**said, "locale": str(locale), "subject": subject}),
        )


@cache
def environment() -> "SandboxedEnvironment":
    """Names that are missing raise; HTML escapes whatever is filled in."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=lambda name: name is None or name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _filled(name: str, said: Mapping[str, str]) -> str:
    return environment().get_template(name).render(said).strip()


def _said(word: str | datetime, locale: Locale) -> str:
    """On one line, and not endlessly long: a title could otherwise pose as a text of ours."""
    if isinstance(word, datetime):
        return word.strftime(MOMENTS[locale])
    return _cut(CONTROLS.sub(" ", word).strip(), LONGEST * 10)


def _short(name: str, said: Mapping[str, str]) -> str:
    """Names are cut before letters are lost: one letter outside GSM-7 makes an SMS half as long."""
    for said_so in (said, {key: plain(word) for key, word in said.items()}):
        for longest in SHORTER:
            cut = {
                key: word if key == NEVER_SHORTENED else _cut(word, longest)
                for key, word in said_so.items()
            }
            text = _filled(f"{name}.sms", cut)
            if segments(text) <= MOST_SEGMENTS:
                return text
    raise DoesNotFit(f"The text does not fit into {MOST_SEGMENTS} SMS.")


def _cut(word: str, longest: int) -> str:
    return word if len(word) <= longest else word[: longest - 3].rstrip() + "..."
