"""From a template and facts to a page as a browser gets it. Jinja2 loads with the first page."""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field

from shared.http.call import Reply
from shared.model import Model
from shared.pages.assets import assets
from shared.pages.languages import catalogue, chosen, language_names
from shared.pages.places import SHARED, VENDOR, pages_of
from shared.pages.policy import ASK_AGAIN, PAGE_HEADERS, PERSONAL
from shared.pages.serving import compressed
from shared.platform.settings import settings

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

HTML = "text/html"


class PageAsked(Model):
    """The query of a page. What mail programs and trackers add to links is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    lang: str | None = Field(None, description="A language, such as `de`.")


def page(
    capability: str,
    template: str,
    headers: Mapping[str, str],
    lang: str | None = None,
    *,
    personal: bool = True,
    **facts: object,
) -> Reply:
    """A page in the reader's language; `personal` ones are kept nowhere."""
    content = _rendered(capability, template, chosen(headers, lang), facts).encode()
    sent, encoding = compressed(content, headers)
    keeping = PERSONAL if personal else ASK_AGAIN
    digest = sha256(sent).hexdigest()[:16]
    return Reply(
        content=sent,
        media_type=HTML,
        etag=None if personal else f'"{digest}"',
        headers={**PAGE_HEADERS, **keeping, **encoding},
    )


def _rendered(capability: str, template: str, language: str, facts: Mapping[str, object]) -> str:
    said = catalogue(capability, language)
    return (
        _environment(capability)
        .get_template(template)
        .render(
            **facts,
            t=said.say,
            language=language,
            direction=said.direction,
            languages=language_names(),
            messages=json.dumps(said.sentences, ensure_ascii=False, separators=(",", ":")),
        )
    )


@cache
def _environment(capability: str) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folders = [pages_of(capability) / "templates", SHARED / "templates"]
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(asset=_address, modules=_addresses, icon=_icon)
    return environment


def _address(name: str) -> str:
    """Where browsers find an asset, behind whatever path the app is published under."""
    path = urlsplit(settings().public_base_url).path
    return f"{path}/api/assets/{assets().named(name).hashed_name}"


def _addresses(name: str) -> list[str]:
    """What a module imports, so that it can be fetched at the same time."""
    return [_address(each.name) for each in assets().named(name).all_imports()]


@cache
def _icon(name: str) -> "Markup":
    """A drawing beside a label, which screen readers pass over."""
    from markupsafe import Markup

    svg = (VENDOR / "lucide" / f"{name}.svg").read_text(encoding="utf-8")
    drawing = svg[svg.index("<svg") :].replace("<svg", '<svg aria-hidden="true"', 1)
    return Markup(drawing)  # noqa: S704 - a file of our own package
